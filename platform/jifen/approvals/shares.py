"""How many of the seats are enough (pure: no Django)."""

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Fraction(BaseModel):
    """A share of the seats, or a number of them: ``2/3``, ``percent: 60`` or ``count: 3``.

    A share is rounded up: 2/3 of 5 is 4. With ``more`` the share itself is not enough (过半).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    numerator: int | None = Field(None, ge=1)
    denominator: int | None = Field(None, ge=1)
    percent: int | None = Field(None, ge=1, le=100)
    count: int | None = Field(None, ge=1)
    more: bool = False

    @model_validator(mode="after")
    def one_way(self) -> "Fraction":
        ways = (self.numerator, self.percent, self.count)
        if sum(way is not None for way in ways) != 1 or (self.numerator is None) != (self.denominator is None):
            raise ValueError("通过比例要写成几分之几、百分之几或人数中的一种")
        if self.numerator is not None and self.denominator is not None and self.numerator > self.denominator:
            raise ValueError("通过比例不能大于全体")
        return self

    def of(self, seats: int) -> int:
        """At least 1, at most all seats; of weighted seats give the sum of their weights."""
        return max(1, min(self._wanted(seats), max(seats, 1)))

    def _wanted(self, seats: int) -> int:
        if self.count is not None:
            return self.count
        numerator, denominator = self.numerator or self.percent or 1, self.denominator or 100
        share = numerator * seats
        return share // denominator + 1 if self.more else -(-share // denominator)
