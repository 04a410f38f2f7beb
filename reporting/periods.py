"""A quarter of the points year (which is the calendar year)."""

from dataclasses import dataclass
from datetime import date, timedelta

from jifen.kernel import clock
from jifen.web.wording import period_cn
from reporting.errors import QuarterInvalid


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """``number`` is 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise QuarterInvalid

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """``"2025Q1"``, or with a tail after ``#``."""
        year, _, number = text.partition("#")[0].partition("Q")
        return cls(int(year), int(number))

    @classmethod
    def before(cls, day: date) -> "Quarter":
        """The last quarter that was over on ``day``."""
        last = day.replace(month=3 * clock.quarter_of(day) - 2, day=1) - timedelta(days=1)
        return cls(last.year, clock.quarter_of(last))

    @property
    def first_month(self) -> int:
        return 3 * self.number - 2

    @property
    def last_month(self) -> int:
        return 3 * self.number

    @property
    def first_day(self) -> date:
        return date(self.year, self.first_month, 1)

    @property
    def last_day(self) -> date:
        return clock.next_month(date(self.year, self.last_month, 1)) - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def title(self) -> str:
        """2025年第一季度"""
        return period_cn(str(self))
