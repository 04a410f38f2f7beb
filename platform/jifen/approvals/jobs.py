"""Approvals' work by the calendar: one row for each hour in which something of a town is due."""

from jifen.approvals.services import due
from jifen.clocks.jobs import job


@job("approvals.due")
def approvals_due(period: str) -> None:
    """``period``: ``2025-03-12T09``. Everything that is due by now is done, whichever hour it belongs to."""
    due.sweep()
