"""What the clock makes scoring do."""

from datetime import date, timedelta

from jifen.clocks.jobs import Next, job
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring import calendar
from scoring.models import Adaptation, Review, RulebookVersion
from scoring.services import (
    base,
    effects,
    hearings,
    lapses,
    posting,
    review_limits,
    reviews,
    rulebook_news,
    rulebook_yearly,
    telling,
)
from tenants.community.models import Village
from tenants.community.services import figures


@job(calendar.KIND, again=True)
def open_reviews(period: str) -> None:
    """``2025-03``: the sheets for March of the villages that have no day of their own; ``2025-03/17``: one's."""
    month, _, village = period.partition("/")
    reviews.open_all(month=date.fromisoformat(f"{month}-01"), by=SYSTEM, villages=_opened(month, village))


def _opened(month: str, village: str) -> list[int] | None:
    if village:
        return [int(village)]
    apart = calendar.villages_apart(month)
    return list(Village.objects.exclude(pk__in=apart).values_list("pk", flat=True)) if apart else None


@job(review_limits.LIMIT, again=True)
def look_at_late_reviews(period: str) -> list[Next]:
    """``2025-04-01``: sheets opened on that day that the committee has not decided in time; again while one is left."""
    return review_limits.watch(period)


@job(base.GRANT, again=True)
def grant_base(period: str) -> None:
    """``2025-03``: base points for those who take part by the first of March and have none of 2025 yet."""
    base.grant_due(number=int(period.partition("-")[0]), by=SYSTEM)


@job(posting.POST_JOB, again=True)
def post_review(period: str) -> list[Next]:
    """The sheet with this id (``17``, later runs ``17/…``) becomes entries.

    What somebody objects to, and what repairs a deduction that has not posted, is looked at again on the next day.
    """
    pk = int(period.partition("/")[0])
    sheet = Review.objects.get(pk=pk)
    posting.post_review(review=sheet, by=SYSTEM)
    if not posting.is_held_up(sheet):
        return []
    tomorrow = clock.today() + timedelta(days=1)
    return [Next(posting.POST_JOB, f"{pk}/{tomorrow}", clock.at(tomorrow, 6))]


@job(telling.CLOSE_JOB, again=True)
def close_hearings(period: str) -> None:
    """``2025-03-04``: what nobody explained up to that day posts by itself."""
    hearings.close_due(day=period)


@job(telling.WATCH_JOB, daily=True)
def watch_hearings(period: str) -> list[Next]:
    """``2025-03-04``: who tells and who answers is reminded of what is left."""
    return telling.watch(date.fromisoformat(period))


@job(effects.LEAVE, again=True)
def leave(period: str) -> None:
    """``17/2025-03-05``: the household of the effect with this id takes part no more from that day."""
    effects.leave(effect=int(period.partition("/")[0]))


@job(effects.STAR, again=True)
def give_stars_back(period: str) -> None:
    """``2026-01-01/17``: from that day what took stars in the village with this id holds no more."""
    figures.tell([int(period.partition("/")[2])])


@job(lapses.LAPSE, again=True)
def lapse(period: str) -> list[Next]:
    """``2025-03-05``: what could be used up to the day before lapses."""
    day = date.fromisoformat(period)
    lapses.run(day=day, by=SYSTEM)
    return lapses.following(day)


@job(rulebook_news.TURN)
def turn_rulebook(period: str) -> None:
    """``12/2026-03-01``: the version with this id takes over; one that was withdrawn or moved meanwhile does not."""
    pk, _, day = period.partition("/")
    version = RulebookVersion.objects.select_related("rulebook").get(pk=int(pk))
    if version.state == "in_force" and f"{version.effective_from}" == day:
        rulebook_news.supersede(version)


@job(rulebook_news.ENDS, again=True)
def announce_end(period: str) -> list[Next]:
    """``12/2026-05-01``: the version with this id ends, and nothing follows it yet."""
    version = RulebookVersion.objects.select_related("rulebook__village").get(pk=int(period.partition("/")[0]))
    return rulebook_news.watch(version)


@job(rulebook_news.ADAPT, again=True)
def remind_of_adaptation(period: str) -> list[Next]:
    """``7/2026-05-01``: the village has not confirmed the town's new version yet."""
    rows = Adaptation.objects.select_related("rulebook__village", "town_version__rulebook")
    return rulebook_news.remind(rows.get(pk=int(period.partition("/")[0])))


@job(rulebook_yearly.YEARLY, again=True)
def remind_of_revision(period: str) -> None:
    """``2026-11``: the yearly look at the rulebooks, in the month that the town chose."""
    rulebook_yearly.remind(period)
