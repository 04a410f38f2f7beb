"""When rulebooks end: on a day of their own, and a village's overlay with the town's rules that it changes."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import F, Q

from jifen.kernel import clock
from scoring.models import JUDGING, Review, ReviewState, Rulebook, RulebookVersion, VersionState
from scoring.selectors import rulebooks as books
from tenants.community.models import Village

Run = tuple[date, date | None]
"""Days without a gap on which the town has rules: the first, and the first without them."""

CLOSED = (ReviewState.DECIDED, ReviewState.SETTLED, ReviewState.POSTED)


def town_runs() -> list[Run]:
    """When the town had rules, has, or will have them."""
    rows = RulebookVersion.objects.filter(rulebook__village=None, state__in=JUDGING)
    days = rows.exclude(effective_to=F("effective_from")).order_by("effective_from")
    found: list[Run] = []
    for begins, ends in days.values_list("effective_from", "effective_to"):
        if found and found[-1][1] == begins:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return found


def end_of(version: RulebookVersion, day: date, runs: Sequence[Run] | None = None) -> date | None:
    """The first day without it, as it looks on ``day``: an overlay holds no longer than the town has rules.

    ``runs``: ``town_runs``, where the caller has them already.
    """
    own = version.effective_to
    if version.overlay is None or own == version.effective_from:
        return own
    asked = max(day, version.effective_from)
    begun = [ends for begins, ends in (town_runs() if runs is None else runs) if begins <= asked]
    ends = [one for one in (own, begun[-1] if begun else None) if one is not None]
    return min(ends, default=None)


def last_day(version: RulebookVersion, day: date, runs: Sequence[Run] | None = None) -> date | None:
    """The last day on which it holds; None without an end, and when it never held."""
    end = end_of(version, day, runs)
    return end - timedelta(days=1) if end is not None and end > version.effective_from else None


def ends_with_town(version: RulebookVersion, day: date) -> bool:
    """Whether it is the end of the town's rules that ends it."""
    return end_of(version, day) != version.effective_to


def state_on(version: RulebookVersion, day: date, runs: Sequence[Run] | None = None) -> str:
    """How it stands on ``day``, in words: a version that was decided may be still to come, or over."""
    if version.effective_to == version.effective_from:
        return "没有生效过"
    if version.state not in JUDGING:
        return str(version.get_state_display())
    if day < version.effective_from:
        return "将要生效"
    end = end_of(version, day, runs)
    if end is None or day < end:
        return str(VersionState.IN_FORCE.label)
    return "已到期" if version.state == VersionState.IN_FORCE else str(version.get_state_display())


def lapsed(village: Village | None, day: date) -> RulebookVersion | None:
    """The version whose end left this rulebook (the town's for None) without any on ``day``; None while one holds."""
    if books.own_version(village, day) is not None:
        return None
    return books.begun(village, day).filter(effective_to__lte=day).first()


def may_extend(version: RulebookVersion, day: date) -> bool:
    """Whether it has an end, and nothing has followed it."""
    if version.state != VersionState.IN_FORCE or version.effective_to is None:
        return False
    return version.effective_to > day or lapsed(version.rulebook.village, day) == version


def resumes_on(version: RulebookVersion, day: date) -> date:
    """From which day on a version with an end would hold if it were extended on ``day``: its end, where that is open.

    Later where a month is closed since; a village's that has ended not before ``day``, for the town's rules held.
    """
    end = version.effective_to or day
    if end > day:
        return end
    first = max(end, day) if version.rulebook.village_id else end
    opens = books.first_open_day(version.rulebook, first)
    closed = None if version.rulebook.village_id else _closed_with_overlay(first)
    return max(opens, clock.next_month(closed)) if closed else opens


def is_followed_up(version: RulebookVersion) -> bool:
    """Whether another version of the book takes over on the day this one ends."""
    end = version.effective_to
    return end is None or books.judging(end).filter(rulebook=version.rulebook).exists()


def begins_before(version: RulebookVersion, day: date) -> RulebookVersion | None:
    """Another version of the book that begins after this one and before ``day``."""
    later = version.rulebook.versions.filter(state__in=JUDGING, effective_from__gt=version.effective_from)
    begun = later.exclude(effective_to=F("effective_from"))
    return begun.filter(effective_from__lt=day).order_by("effective_from").first()


def ended(village_id: int, day: date) -> RulebookVersion | None:
    """The version whose end left the village without any rules on ``day``; None when some hold, or none ever did."""
    mine = Rulebook.objects.filter(Q(village=village_id) | Q(village=None))
    if books.judging(day).filter(rulebook__in=mine).exists():
        return None
    begun = RulebookVersion.objects.filter(rulebook__in=mine, state__in=JUDGING, effective_from__lte=day)
    over = begun.exclude(effective_to=F("effective_from")).filter(effective_to__lte=day)
    return over.select_related("rulebook").order_by("-effective_to").first()


def resting(day: date) -> list[Village]:
    """Villages that have no rules without the town's on ``day``: those that follow it, and those with an overlay."""
    apart = books.judging(day).filter(overlay=None).exclude(rulebook__village=None)
    return list(Village.objects.exclude(pk__in=apart.values("rulebook__village")))


def _closed_with_overlay(day: date) -> date | None:
    """The last month after ``day`` that is closed in a village whose overlay ended with the town's rules."""
    rows = RulebookVersion.objects.filter(state__in=JUDGING).exclude(rulebook__village=None).exclude(overlay=None)
    own = rows.filter(Q(effective_to=None) | Q(effective_to__gt=day)).values("rulebook__village")
    months = Review.objects.filter(village__in=own, state__in=CLOSED, month__gte=day.replace(day=1))
    found: date | None = months.order_by("-month").values_list("month", flat=True).first()
    return found
