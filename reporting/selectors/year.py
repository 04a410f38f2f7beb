"""What a year's close asks of this room: its last notices, the questions about it, the next year's first notice."""

from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet

from reporting import policies
from reporting.calendar import notice_day
from reporting.errors import PolicyMissing
from reporting.models import Notice, NoticeKind, Objection, ObjectionState
from reporting.periods import Quarter
from tenants.community.models import Village


def fourth_notice_over(year: int) -> date:
    """The first day after the year's fourth notices and their time for objections, as hung, else as planned; and after
    every other notice of the year, which may hang late: the town's own, an earlier quarter's, a difference."""
    last = Notice.objects.filter(year=year).aggregate(closes=Max("closes_on"), until=Max("objections_until"))
    days: list[date] = [day for day in last.values() if day]
    return max([*days, *([] if _fourth(year).exists() else [_planned(year)])]) + timedelta(days=1)


def _planned(year: int) -> date:
    day = notice_day(Quarter(year, 4))
    try:
        chosen = policies.on(day)
    except PolicyMissing:
        return day
    return day + timedelta(days=max(chosen.notice.days, chosen.objection.days))


def without_fourth_notice(year: int) -> QuerySet[Village]:
    """Villages whose fourth notice of ``year`` does not hang yet."""
    return Village.objects.exclude(pk__in=_fourth(year).values("village")).order_by("code")


def open_objections(year: int) -> QuerySet[Objection]:
    """Questions to ``year``'s entries and notices that wait for an answer."""
    about = Q(notice__year=year) | Q(posting__entries__year__number=year)
    return Objection.objects.filter(about, state=ObjectionState.RAISED).select_related("village").distinct()


def has_notice(year: int) -> bool:
    """A notice of ``year`` has been published."""
    return Notice.objects.filter(year=year).exists()


def _fourth(year: int) -> QuerySet[Notice]:
    return Notice.objects.filter(kind=NoticeKind.VILLAGE_QUARTER, year=year, quarter=4)
