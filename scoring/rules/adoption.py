"""How a village's rulebook is adopted, and how the end of one is announced: the town's choice (pure)."""

from typing import Annotated, Literal

from pydantic import Field

from jifen.approvals.shares import Fraction
from scoring.rules.base import Model

TWO_THIRDS = Fraction(numerator=2, denominator=3)
MORE_THAN_HALF = Fraction(numerator=1, denominator=2, more=True)
Days = Annotated[int, Field(ge=1, le=400)]


class RulesPolicy(Model):
    """What the law asks, unless the town asks more: 村民委员会组织法第二十二条、第二十六条.

    ``consent``: whether the town files what a village adopted (备案) or has to consent to it (审定). ``deliberations``:
    whether the four deliberations have to be written down before it is handed in.
    """

    quorum: Fraction = Field(default=TWO_THIRDS, strict=False, description="村民代表会议到会比例")
    majority: Fraction = Field(default=MORE_THAN_HALF, strict=False, description="到会代表通过比例")
    assembly_quorum: Fraction = Field(default=MORE_THAN_HALF, strict=False, description="村民会议到会比例")
    assembly_majority: Fraction = Field(default=MORE_THAN_HALF, strict=False, description="到会村民通过比例")
    consent: Literal["filing", "consent"] = "filing"
    deliberations: bool = False
    warn_days: Annotated[tuple[Days, ...], Field(strict=False, min_length=1, max_length=8)] = (90, 60, 30, 14, 7, 3, 1)
    repeat_days: Days = Field(default=1, description="到期后每隔几天提醒")
    confirm_days: Days = Field(default=7, description="村里未确认镇里的修订，每隔几天提醒")
    revise_month: Annotated[int, Field(ge=1, le=12)] | None = Field(default=11, description="每年几月提醒修订")


def is_passed(*, members: int, present: int, votes_for: int, quorum: Fraction, majority: Fraction) -> bool:
    """Enough of the members came, and enough of those present voted for it."""
    return present >= quorum.of(members) and votes_for >= majority.of(present)
