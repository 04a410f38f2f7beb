"""What happens when a quarterly notice is due, or an objection's deadline is over."""

from datetime import timedelta

from jifen.clocks.jobs import Next, job
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from reporting import calendar, policies
from reporting.periods import Quarter
from reporting.selectors.notices import waiting_villages
from reporting.services import deadlines, notices
from tenants.community.models import Village


@job(calendar.KIND)
def publish_quarter(period: str) -> list[Next]:
    return quarter_is_due(period)


@job(deadlines.KIND)
def objection_deadline(period: str) -> list[Next]:
    return objection_deadline_is_due(period)


def quarter_is_due(period: str) -> list[Next]:
    """Publish every village whose day has come and whose months are posted, then the town's own notice once all are in.

    Villages that are late are tried again the next day (period ``2025Q1#2``, ``#3`` …).
    """
    quarter = Quarter.parse(period)
    early = calendar.not_yet(quarter, Village.objects.values_list("pk", flat=True))
    waiting = waiting_villages(quarter) | early
    villages = list(Village.objects.exclude(pk__in=waiting))
    notices.publish_villages(villages=villages, quarter=quarter, by=SYSTEM)
    if waiting:
        return [_again(period)]
    if policies.on(clock.today()).notice.town_notice:
        notices.publish_quarter(village=None, year=quarter.year, quarter=quarter.number, by=SYSTEM)
    return []


def objection_deadline_is_due(period: str) -> list[Next]:
    """Nobody has answered in time: from the village to the town, from the town to the district's figures."""
    return deadlines.passed(period)


def _again(period: str) -> Next:
    quarter, _, attempt = period.partition("#")
    return Next(calendar.KIND, f"{quarter}#{int(attempt or 1) + 1}", clock.now() + timedelta(days=1))
