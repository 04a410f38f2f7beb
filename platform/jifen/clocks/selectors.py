"""What is on the calendar."""

from datetime import datetime

from django.db.models import QuerySet

from jifen.clocks.models import Due, DueState


def pending(town: str | None = None, until: datetime | None = None) -> QuerySet[Due]:
    """What is neither done nor failed: of one town (``""`` is the platform) or all, due up to ``until``."""
    rows = Due.objects.filter(state__in=[DueState.WAITING, DueState.SENT]).order_by("due_at", "id")
    if town is not None:
        rows = rows.filter(town=town)
    return rows if until is None else rows.filter(due_at__lte=until)


def failed(town: str | None = None) -> QuerySet[Due]:
    """What was given up and waits for somebody to look (``problem`` says why)."""
    rows = Due.objects.filter(state=DueState.FAILED).order_by("due_at", "id")
    return rows if town is None else rows.filter(town=town)
