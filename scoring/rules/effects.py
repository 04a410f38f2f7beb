"""What follows from a deed beyond its points, with the days it holds."""

from dataclasses import dataclass
from datetime import date

from scoring.rules.periods import months_on
from scoring.rules.spec import Effect, RuleSpec


@dataclass(frozen=True, slots=True)
class Outcome:
    """``last`` is the last day it holds, None while nothing ends it; ``until_repair``: a repair deed does.

    ``code`` and ``title`` are those of the rule that brought it; no title where its reason is not told.
    """

    kind: str
    first: date
    last: date | None
    until_repair: bool
    stars: int
    at_zero: bool
    text: str
    code: str = ""
    title: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it bears on a deed of ``day``: one after the day it began."""
        return self.first < day and (self.last is None or day <= self.last)


def last_day(effect: Effect, day: date) -> date | None:
    """The last day that an effect of a deed of ``day`` holds; None when only repair, or nothing, ends it."""
    match effect.until:
        case "year_end":
            return date(day.year, 12, 31)
        case "next_year_end" | "next_year":
            return date(min(day.year + 1, date.max.year), 12, 31)
        case "date":
            return effect.day
        case "months":
            return months_on(day, effect.months or 0)
    return None


def first_day(effect: Effect, day: date) -> date:
    """The first day that an effect of a deed of ``day`` holds: the deed's, or the next year's."""
    return date(min(day.year + 1, date.max.year), 1, 1) if effect.until == "next_year" else day


def outcomes(rule: RuleSpec, day: date) -> tuple[Outcome, ...]:
    """What a deed of ``day`` under ``rule`` brings."""
    return tuple(
        Outcome(
            effect.kind, first_day(effect, day), last_day(effect, day) if effect.lasts else day,
            effect.lasts and effect.until == "repair",
            effect.stars, effect.at_zero, effect.text, rule.code, "" if rule.sensitive else rule.title,
        )
        for effect in rule.consequences
    )  # fmt: skip
