"""How many approvals a step needs (pure: no Django)."""

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Fraction(BaseModel):
    """A share of the seats, rounded up: 2/3 of 5 is 4. With ``more`` the share itself is not enough (过半)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    numerator: int = Field(ge=1)
    denominator: int = Field(ge=1)
    more: bool = False

    @model_validator(mode="after")
    def at_most_all(self) -> "Fraction":
        if self.numerator > self.denominator:
            raise ValueError("通过比例不能大于全体")
        return self

    def of(self, seats: int) -> int:
        """At least 1, at most all seats."""
        share = self.numerator * seats
        needed = share // self.denominator + 1 if self.more else -(-share // self.denominator)
        return max(1, min(needed, max(seats, 1)))


class HasSteps(Protocol):
    steps: Any


def needed(flow: HasSteps, seats: int) -> int:
    """How many of ``seats`` must take part in or approve what ``flow`` decides by quorum.

    A flow without a quorum step needs all seats when a step asks for all, else one.
    """
    fractions = [Fraction.model_validate(step["quorum"]) for step in flow.steps if step.get("quorum")]
    if fractions:
        return max(fraction.of(seats) for fraction in fractions)
    return max(seats, 1) if any(step.get("how") == "all" for step in flow.steps) else 1
