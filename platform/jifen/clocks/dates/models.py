"""A town's calendar, in the town's schema: what is due stands in the public one, why it is due stands here."""

from jifen.kernel.policies import DatedPolicy


class CalendarPolicy(DatedPolicy):
    """The five clocks' day rules and the villages' exceptions (``jifen.clocks.dates.policy``)."""
