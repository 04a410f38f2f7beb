"""The quarter on the wall, questions to it and their answers; the year's close."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.accounts.models import User
from jifen.approvals import selectors as flows
from jifen.approvals.models import Item
from jifen.clocks.models import Due
from jifen.flows import close_year
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from jifen.local.demo import adopting, who
from jifen.local.demo.deeds import photo_of
from jifen.local.demo.plan import YEAR, TownPlan
from jifen.local.demo.waiting import until
from reporting import policies
from reporting.models import Notice, NoticeDraft, Objection
from reporting.selectors import drafts as drafting
from reporting.selectors import inquiries, investigators
from reporting.selectors import objections as selectors
from reporting.services import answers, objections
from reporting.services import inquiries as speaking
from scoring.models import Posting, Year
from scoring.services.corrections import Correction
from tenants.community import selectors as community
from tenants.community.models import Household, Village


@dataclass(frozen=True, slots=True)
class Case:
    """What a household says, by which way, and what the investigators find."""

    text: str
    upheld: bool
    finding: str
    channel: str = "online"
    is_direct: bool = False
    appeal: str = ""


CASES = (
    Case("这笔分当天我家没有人在村里，请核实。", True, "经走访核实，当天该户不在村，予以更正。"),
    Case(
        "我家也参加了那次活动，分数好像算少了，请查一下。", False, "经核对签到表与细则，原计分无误。", "phone",
        appeal="签到表上漏了我家第二个人，请镇里再查。",
    ),
    Case("这件事不是我家做的，是隔壁户，请更正。", True, "经查登记户号有误，改记到隔壁户。", "in_person"),
    Case("怀疑评分时偏了亲戚，不想在村里说，请镇里查。", False, "镇里另派人核实，评分符合细则。", is_direct=True),
    Case("手写了一份情况说明，请对照照片核对这笔分。", True, "照片与事由不符，取消这笔。", "paper"),
    Case("村里没有来家里看过就记了这笔，请镇里核实。", True, "镇里入户核实，登记不实，予以更正。", is_direct=True),
)  # fmt: skip
UNANSWERED = (
    Case("那次活动我家去了两个人，只记了一个人的分，请核实。", False, "", "phone"),
    Case("这笔分不想在村里说，请镇里派人核实。", False, "", is_direct=True),
)
"""Nobody answers: the village's goes up to the town, the town's shows in the district's figures."""
PER_QUARTER = 2


def notice(plan: TownPlan, month: date) -> None:
    """The clock sends the drafts to those who look at them first; what they agree to hangs, the town's own last."""
    quarter = clock.quarter_of(month)
    drafts = NoticeDraft.objects.filter(year=month.year, quarter=quarter)
    villages = Village.objects.count()
    until(lambda: drafts.exclude(village=None).count() >= villages, f"{quarter}季度公示草稿")
    hung = Notice.objects.filter(kind="village_quarter", year=month.year, quarter=quarter)

    def all_hang() -> bool:
        """A draft that a deduction of these days has overtaken is sent anew, and agreed to anew."""
        adopting.agree_all(drafting.KIND)
        return hung.count() == villages

    until(all_hang, f"{quarter}季度公示")


def question(plan: TownPlan, month: date) -> None:
    """All notices hang: people ask about them."""
    hang_towns_own(month.year, clock.quarter_of(month))
    object_and_answer(plan, month)


def hang_towns_own(year: int, quarter: int) -> None:
    """Its draft goes out when all villages' hang; not every town puts up one."""
    if not policies.on(clock.today()).notice.town_notice:
        return
    own = NoticeDraft.objects.filter(village=None, year=year, quarter=quarter)
    until(own.exists, f"镇里的{quarter}季度公示草稿")
    adopting.agree_all(drafting.KIND)


def object_and_answer(plan: TownPlan, month: date) -> None:
    """Online, on the phone, in person, on paper and past the village; each answered on its day, some asked again."""
    source = random.Random(f"{plan.host}-objections-{month}")
    quarter = clock.quarter_of(month)
    months = range(quarter * 3 - 2, quarter * 3 + 1)
    told = {"entries__month__in": months, "entries__year__number": month.year}
    postings = Posting.objects.filter(cause="declaration", reversed_at=None, **told).distinct().order_by("pk")
    chosen = source.sample(list(postings.select_related("declaration__household__head")), k=PER_QUARTER)
    for place, posting in enumerate(chosen):
        _one(posting, CASES[(place + quarter * PER_QUARTER) % len(CASES)])


def leave_unanswered(plan: TownPlan, month: date) -> None:
    """Two deeds of the second village are questioned, and their days go by."""
    village = Village.objects.order_by("code")[1]
    told = {"entries__month": month.month, "entries__year__number": month.year, "declaration__village": village}
    postings = Posting.objects.filter(cause="declaration", reversed_at=None, **told).distinct().order_by("pk")
    for posting, case in zip(postings.select_related("declaration__household__head"), UNANSWERED, strict=False):
        _raised(posting, case)


def _raised(posting: Posting, case: Case) -> Objection:
    deed: Any = posting.declaration
    by = _speaker(deed.household, case)
    paper = [photo_of(f"paper-{posting.pk}", by)] if case.channel == "paper" else []
    told: dict[str, Any] = {"channel": case.channel, "is_direct": case.is_direct, "paper": paper, "by": by}
    return objections.raise_objection(household=deed.household, posting=posting, text=case.text, **told)


def _one(posting: Posting, case: Case) -> Objection:
    deed: Any = posting.declaration
    raised = _raised(posting, case)
    right = _right(deed) if "隔壁户" in case.text else None
    answered = _answered(raised, case.upheld, case.finding, right)
    if not case.appeal or not selectors.is_appealable(answered):
        return answered
    by = _speaker(deed.household, case)
    again = objections.appeal(objection=answered, text=case.appeal, channel=case.channel, by=by)
    return _answered(again, False, "镇里重新核对签到表和照片，原计分无误。", None)


def _answered(raised: Objection, upheld: bool, finding: str, right: Correction | None) -> Objection:
    if (item := flows.open_item(inquiries.KIND, raised.pk)) is not None:
        return _decided(raised, item, upheld, finding, right)
    by = Actor.of(User.objects.get(pk=min(investigators.of(raised))))
    return answers.answer(objection=raised, upheld=upheld, finding=finding, correction=right, by=by)


def _decided(raised: Objection, item: Item, upheld: bool, finding: str, right: Correction | None) -> Objection:
    """One after the other says her word, until the flow has answered."""
    while item.finished_at is None:
        raised = speaking.speak(objection=raised, upheld=upheld, finding=finding, correction=right, by=who.asked(item))
        item.refresh_from_db()
    return raised


def _speaker(household: Household, case: Case) -> Actor:
    """The head herself online, else whoever takes it in: the steward, or the office on the direct line."""
    if case.channel != "online":
        return who.steward(household.village)
    head = household.head
    return Actor(current_schema(), 0, head.name if head else household.number, household.head_id)


def _right(deed: Any) -> Correction | None:
    """The same deed of the neighbours, where it is a whole household's."""
    if deed.resident_id or deed.points < 0:
        return None
    others = community.joined(deed.village, deed.happened_on).exclude(pk=deed.household_id).order_by("pk")
    neighbour = others.first()
    return Correction(neighbour, None, deed.facts) if neighbour else None


def close(plan: TownPlan, _: date) -> None:
    """The administrator proposes, whoever the flow asks agrees, the clock closes the year; wait for the seal."""
    close_year.propose(number=YEAR, by=Actor.of(User.objects.get(username="admin")))
    adopting.agree_all(close_year.KIND)
    until(lambda: Year.objects.filter(number=YEAR, state="sealed").exists() or _failed(), f"{YEAR}年封账")


def _failed() -> bool:
    rows = Due.objects.filter(town=current_schema(), kind=close_year.CLOSE, period__startswith=f"{YEAR}#")
    for row in rows.exclude(problem=""):
        raise RuntimeError(row.problem)
    return False
