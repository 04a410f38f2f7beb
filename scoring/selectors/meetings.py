"""Who sits on the committee's seats at a meeting, and whether that is enough."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from jifen.approvals import quorum
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from scoring.models import Meeting, MeetingSeat, Presence, Review, ReviewSeat, ReviewState
from scoring.selectors import sitting
from scoring.sql import reviews as sql
from tenants.community.models import VillageRole


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat and who sits on it; ``barred``: ids of the items from which whoever sits there stands back.

    ``agreed``: signed here, or on the paper whose scan is attached.
    """

    role_id: int
    member: str
    seat: str
    presence: str
    substitute: str
    signed: bool
    agreed: bool
    member_barred: list[int]
    substitute_barred: list[int]
    votes: int = 1
    group: str = ""
    """For whose households alone it sits."""
    elsewhere: list[int] = field(default_factory=list)
    """Ids of the items of other groups' households."""

    @property
    def sitter(self) -> str:
        return self.substitute or self.member

    @property
    def barred(self) -> list[int]:
        return self.substitute_barred if self.substitute else self.member_barred

    def decides(self, item: int) -> bool:
        """Whether the sheet's item is hers to decide."""
        return item not in self.barred and item not in self.elsewhere

    @property
    def word(self) -> str:
        """How she is there, in Chinese; empty while nobody has noted it."""
        return Presence(self.presence).label if self.presence else "到会" if self.signed else ""

    @property
    def is_present(self) -> bool:
        return self.signed or self.presence in (Presence.PRESENT, Presence.SUBSTITUTE)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the quorum is: of the sheet, and of the deeds from which some stand back."""

    seats: int
    needed: int
    present: int
    signed: int
    absent_items: int
    unsigned_items: int
    absent: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    """The required seats of which nobody is there, of which nobody has signed."""
    is_weighted: bool = False
    """Whether some seat has more votes than one."""

    @property
    def unit(self) -> str:
        """What is counted, in Chinese."""
        return "票" if self.is_weighted else "席"

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed and not self.absent_items and not self.absent

    @property
    def is_signed(self) -> bool:
        return self.signed >= self.needed and not self.unsigned_items and not self.unsigned


def standing(review: Review, sits: list[sitting.Chair] | None = None) -> Standing:
    """Counted now. ``absent_items``, ``unsigned_items``: deeds for which too few who may decide were there, signed.

    ``sits``: the chairs, where they are known already.
    """
    sits = sitting.chairs(review) if sits is None else sits
    with connection.cursor() as cursor:
        cursor.execute(sql.STANDING, _asked(review, sits))
        (_, seats, present, signed, _), *items = cursor.fetchall()
    least = {eligible: quorum.needed(review.flow, eligible) for _, eligible, _, _, _ in items}
    absent, unsigned = _missing(review, sits)
    return Standing(
        absent=absent,
        unsigned=unsigned,
        is_weighted=any(chair.weight != 1 for chair in sits),
        seats=seats,
        needed=quorum.needed(review.flow, seats),
        present=present,
        signed=signed,
        absent_items=sum(n for _, eligible, there, _, n in items if not eligible or there < least[eligible]),
        unsigned_items=sum(n for _, eligible, _, names, n in items if not eligible or names < least[eligible]),
    )


def seats(review: Review, sits: list[sitting.Chair] | None = None) -> list[Seat]:
    """The seats that the sheet's flow names, today."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SEATS, _asked(review, sits))
        return [Seat(*row) for row in cursor.fetchall()]


def _missing(review: Review, sits: list[sitting.Chair]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A required seat that nobody holds is missed only where the flow says that its step waits then."""
    step = sitting.step_of(review)
    wanted = sitting.required(step)
    if not wanted:
        return (), ()
    known = {seat.role_id: seat for seat in seats(review, sits)}
    absent, unsigned = [], []
    for line, name in wanted.items():
        held = [known[chair.role_id] for chair in sits if line in chair.lines]
        if held or step.empty == "block":
            absent += [name] if not any(seat.agreed or seat.is_present for seat in held) else []
            unsigned += [name] if not any(seat.agreed for seat in held) else []
    return tuple(absent), tuple(unsigned)


def is_stood_in_by(review: Review, role: VillageRole, by: Actor) -> bool:
    """Whether she sits on the seat in the member's place."""
    return by.realm == current_schema() and stand_ins(by.id).filter(meeting__review=review, role=role).exists()


def stand_ins(user_id: int) -> QuerySet[MeetingSeat]:
    """The seats on which this account's villager substitutes, the newest month first; ``has_signed``."""
    rows = MeetingSeat.objects.filter(substitute__user=user_id, presence=Presence.SUBSTITUTE)
    rows = rows.select_related("meeting__review__village", "meeting__review__flow", "role__user", "substitute")
    return rows.annotate(has_signed=_SIGNED).order_by("-meeting__review__month", "-pk")


def waiting_stand_ins(user_id: int) -> QuerySet[MeetingSeat]:
    """Those of them whose sheet is still open and which she has not signed."""
    return stand_ins(user_id).filter(~_SIGNED, meeting__review__state__in=(ReviewState.OPEN, ReviewState.RETURNED))


_SIGNED = Exists(
    ReviewSeat.objects.filter(
        review=OuterRef("meeting__review"), role=OuterRef("role"), resident=OuterRef("substitute")
    )
)


def recusals(review: Review) -> list[tuple[str, int]]:
    """(who sits on a seat, how many of the sheet's deeds she stands back from), for those who do."""
    with connection.cursor() as cursor:
        cursor.execute(sql.RECUSALS, _asked(review))
        return [(name, count) for name, count in cursor.fetchall()]


def meeting_of(review: Review) -> Meeting | None:
    found = Meeting.objects.filter(review=review).select_related("paper").first()
    if found is not None:
        found.review = review
    return found


def on_paper(review: Review) -> bool:
    """Whether the scan of the signed decision sheet is in."""
    return Meeting.objects.filter(review=review).exclude(paper=None).exists()


def _asked(review: Review, sits: list[sitting.Chair] | None = None) -> dict[str, Any]:
    found = sitting.chairs(review) if sits is None else sits
    chairs, weights = [chair.role_id for chair in found], [chair.weight for chair in found]
    return {"review": review.pk, "chairs": chairs, "weights": weights, "groups": [chair.group_id for chair in found]}
