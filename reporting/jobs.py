"""What happens when a quarterly notice is due, or an objection's deadline is over."""

from datetime import timedelta

from jifen.clocks.jobs import Next, job
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from reporting import calendar, policies
from reporting.periods import Quarter
from reporting.selectors import drafts as drafting
from reporting.selectors.notices import joined_villages, published_villages, waiting_villages
from reporting.services import deadlines, drafts, notices
from tenants.community.models import Village


@job(calendar.KIND, again=True)
def publish_quarter(period: str) -> list[Next]:
    return quarter_is_due(period)


@job(calendar.DRAFT, again=True)
def send_drafts(period: str) -> list[Next]:
    return drafts_are_due(period)


@job(calendar.AGAIN)
def look_again(period: str) -> list[Next]:
    return drafts_change(period)


@job(deadlines.KIND)
def objection_deadline(period: str) -> list[Next]:
    return objection_deadline_is_due(period)


def quarter_is_due(period: str) -> list[Next]:
    """Publish every village whose day has come and whose months are posted, then the town's own notice once all are in.

    Where nobody had joined there is nothing to announce. Villages that are late are tried again the next day (period
    ``2025Q1#2``, ``#3`` …). Where the town approves its notices, they are sent there instead, and hang by the approval.
    """
    quarter = Quarter.parse(period)
    early = calendar.not_yet(quarter, Village.objects.values_list("pk", flat=True))
    waiting = waiting_villages(quarter) | early
    villages = list(Village.objects.filter(pk__in=joined_villages(quarter) - waiting))
    if drafting.is_needed():
        return [] if _sent(quarter, villages, is_whole=not waiting) else [_again(calendar.KIND, period)]
    notices.publish_villages(villages=villages, quarter=quarter, by=SYSTEM)
    if waiting:
        return [_again(calendar.KIND, period)]
    if villages and policies.on(clock.today()).notice.town_notice:
        notices.hang(village=None, quarter=quarter, by=SYSTEM)
    return []


def drafts_are_due(period: str) -> list[Next]:
    """Some days before: what is ready goes to those who approve it; the rest tomorrow, until the notices' day."""
    quarter = Quarter.parse(period)
    if not drafting.is_needed() or clock.today() >= calendar.first_day(quarter):
        return []
    if clock.today() > quarter.last_day:
        ready = joined_villages(quarter) - waiting_villages(quarter)
        _sent(quarter, list(Village.objects.filter(pk__in=ready)), is_whole=False)
    return [_again(calendar.DRAFT, period)]


def drafts_change(period: str) -> list[Next]:
    """The last village's notice hangs: the town's own is sent to those who approve it at once.

    Before the quarter's drafts go out, and where nothing is to be approved, there is nothing to do.
    """
    quarter, today = Quarter.parse(period), clock.today()
    if not drafting.is_needed() or today < calendar.first_day(quarter) - calendar.LEAD:
        return []
    waiting = waiting_villages(quarter)
    early = calendar.not_yet(quarter, Village.objects.values_list("pk", flat=True))
    villages = list(Village.objects.filter(pk__in=joined_villages(quarter) - waiting - early))
    _sent(quarter, villages, is_whole=not waiting and not early and today >= calendar.first_day(quarter))
    return []


def _sent(quarter: Quarter, villages: list[Village], *, is_whole: bool) -> bool:
    """Whether everything of the quarter hangs; what does not is on its way, or waits to be mended."""
    hung = set(published_villages(quarter))
    drafts.prepare(villages=[village for village in villages if village.pk not in hung], quarter=quarter)
    if not is_whole or not {village.pk for village in villages} <= set(published_villages(quarter)):
        return False
    if not villages or not policies.on(clock.today()).notice.town_notice or notices.hanging(None, quarter):
        return True
    drafts.prepare_town(quarter=quarter)
    return notices.hanging(None, quarter) is not None


def objection_deadline_is_due(period: str) -> list[Next]:
    """Nobody has answered in time: from the village to the town, from the town to the district's figures."""
    return deadlines.passed(period)


def _again(kind: str, period: str) -> Next:
    quarter, _, attempt = period.partition("#")
    return Next(kind, f"{quarter}#{int(attempt or 1) + 1}", clock.now() + timedelta(days=1))
