"""When the points of one deed lapse."""

from datetime import date

from scoring.rules.periods import months_on
from scoring.rules.spec import PLAIN, RuleSpec, Settings


def last_day(rule: RuleSpec, day: date, settings: Settings = PLAIN) -> date | None:
    """The last day that points of a deed of ``day`` can be used; None when they have no end of their own."""
    own = settings.point_class(rule.point_class) if rule.point_class else None
    lasting = rule.expires or (own.expires if own else None)
    return months_on(day, lasting.length) if lasting else None


def outlives_the_year(rule: RuleSpec, settings: Settings = PLAIN) -> bool:
    """Whether the points stay when the year closes: those of a class that keeps, or with an end of their own."""
    own = settings.point_class(rule.point_class) if rule.point_class else None
    if own is not None and own.keeps:
        return True
    return rule.expires is not None or (own is not None and own.expires is not None)
