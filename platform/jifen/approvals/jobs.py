"""Approvals' work by the calendar; a town without open items has no rows there."""

from jifen.approvals.services import due
from jifen.clocks.jobs import job


@job("approvals.due", again=True)
def approvals_due(period: str) -> None:
    """``period``: ``2025-03-12T09``. Everything that is due by now is done, whichever hour it belongs to."""
    due.sweep()


@job("approvals.look", daily=True)
def approvals_look(period: str) -> None:
    """``period``: ``2025-03-12``. The open items' people are looked up anew: posts change, relations are declared."""
    due.look()
