"""The committee's month: sheets opened by the clock, decided, signed, filed with the town, posted by the worker."""

import random
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache

from django.db import transaction

from jifen.approvals import selectors as approvals
from jifen.clocks.tasks import tick
from jifen.files import services as files
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import InvalidInput
from jifen.kernel.tenancy import outside
from jifen.local.demo import who
from jifen.local.demo.photos import photo
from jifen.local.demo.plan import YEAR, TownPlan, chosen
from jifen.local.demo.waiting import until
from scoring import selectors
from scoring.models import Filing, FilingState, Hearing, MeetingSeat, Review, ReviewItem
from scoring.selectors import sitting
from scoring.services import filings, hearings, meetings, reviews, telling
from tenants.community.models import Role, Village, VillageRole

PRESENT = 4
"""Of five committee members; two thirds are a quorum."""
EXPLAINED = (
    ("当天家里没有人，不是我家做的。", "dropped", Decimal(0), "经走访，当天该户不在村。"),
    ("已经整改了，以后注意。", "lowered", Decimal(-1), "已及时整改，从轻扣分。"),
    ("别人家也这样，怎么只扣我家？", "kept", Decimal(0), "现场照片清楚，维持原决定。"),
)
"""What a household says, what the committee answers, and what it leaves of the deduction."""
STOOD_IN = "002"
"""Where each quarter's last meeting has a substitute, by the end of the village's code."""
RETURNS = (("shuren", date(YEAR, 3, 1)), ("shuren", date(YEAR, 7, 1)))
"""Where and when the town sends deeds of the first village back."""
RETURNED = (
    ("照片里看不出是哪一户，请再核实。", "rejected", "再次走访，不能确认是该户所做。"),
    ("请说明这笔分依据细则的哪一条。", "approved", "已对照细则，维持原决定。"),
)
"""What the town asks about a deed, and the committee's new decision with its reason."""


def review(plan: TownPlan, month: date) -> None:
    """In the last month shown, some sheets are left open to the committee, and some filings to the town office."""
    villages = Village.objects.count()
    until(lambda: Review.objects.filter(month=month).count() == villages, "打开月审核表")
    source = random.Random(f"{plan.host}-review-{month}")
    is_last = month == chosen().last
    for sheet in Review.objects.filter(month=month).select_related("village").order_by("village__code"):
        if is_last and _left_to_committee(sheet.village):
            continue
        with transaction.atomic():  # one evening's meeting
            _decide(sheet, source)
            if not (is_last and _left_to_office(sheet.village)):
                _answer(plan, sheet)
            if not is_last:
                _inform(sheet, source)
                _explain(sheet, source)
    if not is_last:
        with outside():
            tick.delay()
        until(lambda: not Review.objects.filter(month=month, posted_at=None).exists(), "记账")


def hear(plan: TownPlan, month: date) -> None:
    """The days are over in which a household could explain a deduction: the clock posts what nobody explained."""
    until(lambda: not selectors.unposted_reviews(month.year), "扣分记账")


def _left_to_committee(village: Village) -> bool:
    return village.code.endswith("001") or int(village.code[-3:]) % 3 == 0


def _left_to_office(village: Village) -> bool:
    return int(village.code[-3:]) % 3 == 2


def _decide(sheet: Review, source: random.Random) -> None:
    seats = _seats(sheet)
    if sheet.month.month % 3 == 0 and sheet.village.code.endswith(STOOD_IN):
        _stand_in(sheet, seats[-1])
    single = ReviewItem.objects.filter(review=sheet, verdict="pending", declaration__batch=None)
    for item in single.select_related("declaration"):
        _exception(item, seats, source)
    for role in seats:
        reviews.decide_rest(review=sheet, verdict="approved", by=Actor.of(role.user))
        if not ReviewItem.objects.filter(review=sheet, verdict="pending").exists():
            break
    _close(sheet, seats)


def _close(sheet: Review, seats: list[VillageRole]) -> None:
    """Where more than the committee sits, they sign on paper and the scan is kept."""
    by = Actor.of(seats[0].user)
    if len(sitting.chairs(sheet)) > len(seats):
        meetings.all_came(review=sheet, by=by)
        paper = files.store(kind="sheet", name="签字原件.jpg", content_type="image/jpeg", body=_scan(), by=by)
        meetings.attach(review=sheet, file=paper, by=by)
    else:
        noted = MeetingSeat.objects.filter(meeting__review=sheet).select_related("role", "substitute")
        others = {row.role_id: row.substitute for row in noted}
        for role in seats if others else seats[:PRESENT]:
            other = others.get(role.pk)
            reviews.sign(review=sheet, role=role, by=who.account(other) if other else Actor.of(role.user))
    reviews.close(review=sheet, by=by)


def _stand_in(sheet: Review, role: VillageRole) -> None:
    """Whoever cannot come has somebody sit in her place."""
    rows = VillageRole.objects.filter(village=sheet.village_id)
    holders = set(rows.values_list("user__resident", flat=True))
    heads = (home.head for home in who.joined(sheet.village_id) if home.head and home.head_id not in holders)
    other = next(heads, None)
    if other is None:  # a small village where everybody has a post
        return
    meetings.attend(review=sheet, role=role, presence="substitute", substitute=other, by=who.steward(sheet.village))


@cache
def _scan() -> bytes:
    return photo("签字原件")


def _answer(plan: TownPlan, sheet: Review) -> None:
    """The town's people say their words one after another."""
    if (plan.host, sheet.month) in RETURNS and sheet.village.code.endswith("001"):
        _return(sheet)
    filing = sheet.filings.latest("pk")
    while filing.state == FilingState.SENT:
        filing = filings.answer(filing=filing, accept=True, by=_town(filing))


def _town(filing: Filing) -> Actor:
    """Whom the month waits for; where the town has no flow for it, the officer."""
    item = approvals.open_item(filings.SUBJECT_KIND, filing.pk)
    return who.asked(item) if item else who.office()


def _return(sheet: Review) -> None:
    """The town sends single deeds back; the committee decides on them anew, signs and closes."""
    filing = sheet.filings.latest("pk")
    single = ReviewItem.objects.filter(review=sheet, verdict="approved", declaration__batch=None).order_by("pk")
    chosen = list(single[: len(RETURNED)])
    reasons = {row.pk: reason for row, (reason, _, _) in zip(chosen, RETURNED, strict=False)}
    if not reasons:
        raise RuntimeError(f"{sheet.village.name}没有可以退回的事项")
    filings.answer(filing=filing, accept=False, items=reasons, by=_town(filing))
    seats = _seats(sheet)
    for row, (_, verdict, reason) in zip(chosen, RETURNED, strict=False):
        reviews.decide(item=row, verdict=verdict, reason=reason, by=_free(row, seats))
    _close(sheet, seats)


def _seats(sheet: Review) -> list[VillageRole]:
    rows = VillageRole.objects.filter(village=sheet.village_id, role=Role.COMMITTEE)
    return list(rows.select_related("user__resident").order_by("pk"))


def _inform(sheet: Review, source: random.Random) -> None:
    """The steward tells those whom no message reaches, all of the sheet in one act."""
    rows = Hearing.objects.filter(item__review=sheet, outcome="open", told_at=None)
    if untold := list(rows.order_by("pk").values_list("pk", flat=True)):
        how, by = source.choice(["phone", "phone", "oral", "paper"]), who.steward(sheet.village)
        telling.inform(village=sheet.village, hearings=untold, how=how, told_on=clock.today(), by=by)


def _explain(sheet: Review, source: random.Random) -> None:
    """Some households call the steward about a deduction, and the committee answers."""
    by = who.steward(sheet.village)
    rows = Hearing.objects.filter(item__review=sheet, outcome="open").select_related("item__declaration")
    for hearing in rows.order_by("pk"):
        words, outcome, points, reason = source.choice(EXPLAINED)
        if source.random() > 0.2 or hearing.points >= points:
            continue
        hearings.state(hearing=hearing, statement=words, channel="phone", by=by)
        decider = _free(hearing.item, _seats(sheet))
        lowered = points if outcome == "lowered" else None
        hearings.decide(hearing=hearing, outcome=outcome, points=lowered, reason=reason, by=decider)


def _exception(item: ReviewItem, seats: list[VillageRole], source: random.Random) -> None:
    """Some single items are refused or lowered, with a reason."""
    if source.random() > 0.05:
        return
    decider = _free(item, seats)
    if source.random() < 0.6:
        reviews.decide(item=item, verdict="rejected", reason="与现场核实情况不符", by=decider)
    elif item.points > 1:
        with suppress(InvalidInput):  # some rules leave nothing to the committee
            reviews.decide(
                item=item, verdict="adjusted", points=item.points - 1, reason="按实际完成情况认定", by=decider
            )


def _free(item: ReviewItem, seats: list[VillageRole]) -> Actor:
    """The first member who is not barred from the item (I11)."""
    for role in seats:
        actor = Actor.of(role.user)
        if not selectors.is_barred(item, actor):
            return actor
    return Actor.of(seats[0].user)
