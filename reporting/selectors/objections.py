"""Objections: whose they are, who sees what of them (the objector is known to the investigators alone)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from jifen.kernel import clock
from jifen.kernel.permissions import grants_of
from jifen.kernel.tenancy import current_schema
from jifen.web.wording import date_cn
from reporting import policies
from reporting.errors import ObjectionUnknown
from reporting.models import Level, Objection, ObjectionChannel, ObjectionState
from reporting.permissions import ReportingPermission as May
from reporting.selectors import in_place, inquiries, investigators, postings
from tenants.community import selectors as community

SOON = timedelta(days=3)
BEYOND = "对镇里的答复仍不服的，可以向县（区）主管部门反映，或拨打 12345 政务服务热线。"


def all_of(villages: Collection[int] | None = None) -> QuerySet[Objection]:
    """``villages`` None means the whole town; a village's people never see what went directly to the town."""
    rows = Objection.objects.select_related("household", "village", "notice", "posting", "reversal", "declaration")
    return rows if villages is None else rows.filter(village__in=villages, is_direct=False)


def for_staff(user: Any) -> QuerySet[Objection]:
    """Those that ``user`` knows of by her work; what she sees of each says ``as_seen``."""
    return all_of(grants_of(user).scope(May.READ, "village"))


def open_ones(rows: QuerySet[Objection]) -> QuerySet[Objection]:
    return rows.filter(state=ObjectionState.RAISED).order_by("answer_by", "id")


def answered(rows: QuerySet[Objection]) -> QuerySet[Objection]:
    return rows.exclude(state=ObjectionState.RAISED).order_by("-answered_at", "-id")


def of_households(households: Collection[int]) -> QuerySet[Objection]:
    """What these households asked, newest first."""
    return all_of().filter(household__in=households).order_by("-raised_on", "-id")


def unanswered() -> int:
    """How many objections of the town wait for an answer."""
    return Objection.objects.filter(state=ObjectionState.RAISED).count()


def pending_declarations(declarations: Collection[int], *, is_told: bool = False) -> set[int]:
    """Which of ``declarations`` (ids) somebody objects to without an answer yet.

    ``is_told``: the village reads it, and what goes past it to the town is left out.
    """
    rows = Objection.objects.filter(declaration__in=declarations, state=ObjectionState.RAISED)
    rows = rows.filter(is_direct=False) if is_told else rows
    return set(rows.values_list("declaration_id", flat=True))


def asked(household: int, posting: int) -> bool:
    """Whether ``household`` (id) objected to ``posting`` (id), or to its deed before it was posted; answered or not."""
    about = Q(posting=posting) | Q(declaration__postings=posting)
    return Objection.objects.filter(about, household=household).exists()


def staff_one(user: Any, pk: int) -> Objection:
    """Raises:
    ObjectionUnknown: there is none, or it is not for this person's work.
    """
    return _found(for_staff(user).filter(pk=pk).first())


def own_one(user: Any, pk: int) -> Objection:
    """One of her household's.

    Raises:
        ObjectionUnknown: there is none, or it is another's.
    """
    household = community.household_of_user(user)
    return _found(of_households([household.pk]).filter(pk=pk).first() if household else None)


def by_token(token: str) -> Objection:
    """The one behind the code on a receipt.

    Raises:
        ObjectionUnknown: no receipt has this address.
    """
    return _found(all_of().filter(token=token).first())


def _found(objection: Objection | None) -> Objection:
    if objection is None:
        raise ObjectionUnknown
    return objection


# Who sees what


@dataclass(frozen=True, slots=True)
class Seen:
    """An objection as one member of staff sees it. ``is_mine``: she looks into it; otherwise what would tell who
    objects, to what and in which words is empty. ``is_asked``: it waits for her word. ``step``: where it stands in its
    flow; empty without one."""

    pk: int
    number: str
    village: str
    channel: str
    stage: int
    level: str
    is_direct: bool
    state: str
    raised_on: date
    answer_by: date
    escalated_on: date | None
    overdue_on: date | None
    answered_at: datetime | None
    is_mine: bool
    is_asked: bool
    step: str
    household: str = ""
    text: str = ""
    posting: int | None = None
    notice: int | None = None
    declaration: int | None = None
    finding: str = ""
    answered_by_name: str = ""
    reversal: int | None = None
    corrected: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state == ObjectionState.RAISED

    @property
    def is_late(self) -> bool:
        return self.is_open and self.answer_by < clock.today()

    @property
    def is_soon(self) -> bool:
        return self.is_open and not self.is_late and self.answer_by - clock.today() <= SOON

    @property
    def days_text(self) -> str:
        """How long there is, for one that is soon due."""
        left = (self.answer_by - clock.today()).days
        return f"还有{left}天" if left else "今天到期"


def as_seen(rows: Iterable[Objection], user: Any) -> list[Seen]:
    """``rows`` as ``user`` sees them, in their order."""
    found = list(rows)
    mine, steps = investigators.mine(found, user), inquiries.standing([one.pk for one in found])
    asked = (mine - steps.keys()) | (mine & inquiries.waiting_for(steps.keys(), user.pk))
    return [
        _seen(one, one.pk in mine, one.pk in asked, steps.get(one.pk, ""), one.pk in mine or _raised_by(one, user))
        for one in found
    ]


def _raised_by(objection: Objection, user: Any) -> bool:
    """A supervisor's own question stays readable to her."""
    same = (objection.actor_realm, objection.actor_id) == (current_schema(), user.pk)
    return same and objection.channel == ObjectionChannel.ONLINE


def _seen(one: Objection, is_mine: bool, is_asked: bool, step: str, is_open: bool) -> Seen:
    shown: dict[str, Any] = {}
    if is_open:
        shown = {
            "household": one.household.number,
            "text": one.text,
            "posting": one.posting_id,
            "notice": one.notice_id,
            "declaration": one.declaration_id,
            "finding": one.finding,
            "answered_by_name": one.answered_by_name,
            "reversal": one.reversal_id,
            "corrected": one.corrected_id,
        }
    return Seen(
        pk=one.pk, number=one.number, village=one.village.name, channel=one.get_channel_display(), stage=one.stage,
        level=one.level, is_direct=one.is_direct, state=one.state, raised_on=one.raised_on, answer_by=one.answer_by,
        escalated_on=one.escalated_on, overdue_on=one.overdue_on, answered_at=one.answered_at, is_mine=is_mine,
        is_asked=is_asked, step=step, **shown,
    )  # fmt: skip


# What comes next


def year_of(objection: Objection) -> int:
    """The points year it is counted in."""
    if objection.notice is not None:
        return objection.notice.year
    facts = postings.facts(objection.posting) if objection.posting else None
    if facts is not None:
        return facts.year
    return int(objection.declaration.happened_on.year) if objection.declaration else objection.raised_on.year


def is_appealable(objection: Objection) -> bool:
    """The village dismissed it and the town has not been asked; where the office answered in the village's place,
    there is somebody else in it."""
    dismissed = objection.state == ObjectionState.DISMISSED and objection.stage == 1
    if not dismissed or objection.level != Level.VILLAGE or Objection.objects.filter(appeal_of=objection).exists():
        return False
    return not in_place.answered(objection) or bool(in_place.others(objection))


def appeal_until(objection: Objection) -> date:
    """The last day on which the town can be asked; the objection is answered."""
    answered_on = (objection.answered_at or clock.now()).astimezone(clock.TIME_ZONE).date()
    return answered_on + timedelta(days=policies.on(answered_on).appeal_days)


def next_way(objection: Objection) -> str:
    """Where whoever is not satisfied with a dismissal goes next."""
    if objection.state != ObjectionState.DISMISSED:
        return ""
    if objection.level == Level.TOWN:
        return BEYOND
    in_place_of_village = in_place.answered(objection)
    if not is_appealable(objection):
        asked_anew = Objection.objects.filter(appeal_of=objection).exists()
        return BEYOND if in_place_of_village and not asked_anew else ""
    office, until = community.office_name() or "镇里", date_cn(appeal_until(objection))
    if in_place_of_village:
        return f"这条村里没有能办理的人，是{office}答复的。不服的，可以在{until}前请{office}换一个人复核。{BEYOND}"
    return f"对村里的答复不服的，可以在{until}前请{office}复核。"
