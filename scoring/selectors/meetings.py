"""Who sits on the committee's seats at a meeting, and whether that is enough."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from jifen.approvals import quorum
from jifen.kernel import clock
from scoring.models import Meeting, Presence, Review, ReviewState
from scoring.sql import reviews as sql


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat and who sits on it; ``barred``: ids of the items from which whoever sits there stands back."""

    role_id: int
    member: str
    seat: str
    presence: str
    substitute: str
    signed: bool
    member_barred: list[int]
    substitute_barred: list[int]

    @property
    def sitter(self) -> str:
        return self.substitute or self.member

    @property
    def barred(self) -> list[int]:
        return self.substitute_barred if self.substitute else self.member_barred

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

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed and not self.absent_items

    @property
    def is_signed(self) -> bool:
        return self.signed >= self.needed and not self.unsigned_items


def standing(review: Review) -> Standing:
    """Counted now. ``absent_items``, ``unsigned_items``: deeds for which too few who may decide were there, signed."""
    with connection.cursor() as cursor:
        cursor.execute(sql.STANDING, _asked(review))
        (_, seats, present, signed, _), *items = cursor.fetchall()
    least = {eligible: quorum.needed(review.flow, eligible) for _, eligible, _, _, _ in items}
    return Standing(
        seats=seats,
        needed=quorum.needed(review.flow, seats),
        present=present,
        signed=signed,
        absent_items=sum(n for _, eligible, there, _, n in items if not eligible or there < least[eligible]),
        unsigned_items=sum(n for _, eligible, _, names, n in items if not eligible or names < least[eligible]),
    )


def seats(review: Review) -> list[Seat]:
    """The seats of the sheet's village today."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SEATS, _asked(review))
        return [Seat(*row) for row in cursor.fetchall()]


def meeting_of(review: Review) -> Meeting | None:
    return Meeting.objects.filter(review=review).select_related("paper").first()


def _asked(review: Review) -> dict[str, Any]:
    """A decided sheet keeps the committee of the day on which it was decided."""
    decided = None if review.state in (ReviewState.OPEN, ReviewState.RETURNED) else review.decided_at
    day = decided.astimezone(clock.TIME_ZONE).date() if decided else clock.today()
    return {"review": review.pk, "village": review.village_id, "today": day}
