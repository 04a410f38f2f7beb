"""Rulebooks and their versions: which is in force, what it says as a whole, and who lives by it."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Q, QuerySet

from jifen.kernel import clock
from jifen.kernel.permissions import grants_of
from scoring.library import selectors as shelf
from scoring.models import JUDGING, Rulebook, RulebookVersion, VersionState
from scoring.permissions import ScoringPermission
from scoring.rules import bounds_diff, diffs, spec
from scoring.rules.overlay import Bounds, Overlay
from tenants.community.models import Village

Versions = QuerySet[RulebookVersion]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rulebook stands on a day: what is in force, what waits for its day, and what is being decided."""

    book: Rulebook
    current: RulebookVersion | None
    coming: tuple[RulebookVersion, ...]
    deciding: RulebookVersion | None


def book_for(village: Village | None) -> Rulebook | None:
    """The town's rulebook, or the village's own when it has one."""
    return Rulebook.objects.filter(village=village).first()


def dated(day: date) -> Versions:
    """Versions of any rulebook within whose own dates ``day`` lies."""
    ends = Q(effective_to=None) | Q(effective_to__gt=day)
    rows = RulebookVersion.objects.filter(ends, state__in=JUDGING, effective_from__lte=day)
    return rows.select_related("rulebook__village", "town_version")


def judging(day: date) -> Versions:
    """Versions of any rulebook that judge deeds of ``day``: an overlay only while the town has rules."""
    town = dated(day).filter(rulebook__village=None).values("pk")
    return dated(day).filter(Q(overlay=None) | Exists(town))


def current(village: Village | None, day: date) -> RulebookVersion | None:
    """The version of exactly this rulebook (the town's for None) in force on ``day``."""
    return judging(day).filter(rulebook__village=village).first()


def own_version(village: Village | None, day: date) -> RulebookVersion | None:
    """``current`` by its own dates, whether or not the town's rules under it still hold."""
    return dated(day).filter(rulebook__village=village).first()


def newest(village: Village | None, day: date) -> RulebookVersion | None:
    """The version of this rulebook that reaches furthest: one that waits for its day, else what is in force."""
    ends = Q(effective_to=None) | Q(effective_to__gt=day)
    rows = RulebookVersion.objects.filter(ends, rulebook__village=village, state=VersionState.IN_FORCE)
    return rows.select_related("rulebook", "town_version").order_by("-effective_from").first()


def begun(village: Village | None, day: date) -> Versions:
    """Versions of this rulebook that hold or held, the newest first; without those that a village gave up itself."""
    states = JUDGING if village is None else (VersionState.IN_FORCE,)
    rows = RulebookVersion.objects.filter(rulebook__village=village, state__in=states, effective_from__lte=day)
    held = rows.exclude(effective_to=F("effective_from"))
    return held.select_related("rulebook__village", "town_version").order_by("-effective_from")


def latest(village: Village | None, day: date) -> RulebookVersion | None:
    """What a revision begins with and is compared with: the newest version, or the one that ended without another."""
    return newest(village, day) or begun(village, day).first()


def version_of(village: Village | None, pk: int) -> RulebookVersion | None:
    """The version with this id if it is of this rulebook and was handed in."""
    rows = RulebookVersion.objects.exclude(state=VersionState.DRAFT).filter(rulebook__village=village)
    return rows.select_related("rulebook", "town_version").filter(pk=pk).first()


def followed(village: Village, day: date) -> RulebookVersion | None:
    """What the village lives by on ``day``: its own version, else the town's."""
    return current(village, day) or current(None, day)


def readable(user: Any) -> QuerySet[RulebookVersion]:
    """Versions that ``user`` may read: all that judge, and those being decided where she decides or writes them."""
    held = grants_of(user)
    rows = RulebookVersion.objects.select_related("rulebook__village", "town_version")
    if held.allows(ScoringPermission.MANAGE_RULES) or held.allows(ScoringPermission.FILE):
        return rows.exclude(state=VersionState.DRAFT)
    villages = held.scope(ScoringPermission.ADAPT_RULES, "village") or set()
    own = Q(rulebook__village__in=villages) & ~Q(state=VersionState.DRAFT)
    return rows.filter(Q(state__in=JUDGING) | own)


def standing(book: Rulebook, day: date) -> Standing:
    rows = book.versions.select_related("rulebook", "town_version")
    coming = rows.filter(state=VersionState.IN_FORCE, effective_from__gt=day).order_by("effective_from")
    deciding = rows.filter(state__in=(VersionState.SUBMITTED, VersionState.APPROVED)).order_by("-number").first()
    return Standing(book, current(book.village, day), tuple(coming), deciding)


def whole(version: RulebookVersion) -> spec.Rulebook:
    """The version as the engine reads it; a version from before heads were kept gets its classes from its rules."""
    rules = list(version.rules.order_by("position", "id").values_list("spec", flat=True))
    head = version.head or {"categories": [{"name": name} for name in dict.fromkeys(one["category"] for one in rules)]}
    return _whole(json.dumps({**head, "rules": rules}, sort_keys=True))


def head_of(book: spec.Rulebook) -> dict[str, Any]:
    """The rulebook as JSON without its rules."""
    return book.model_dump(mode="json", exclude={"rules"})


def overlay_of(version: RulebookVersion) -> Overlay:
    """What a village's version changes; nothing for a town's."""
    return Overlay.model_validate(version.overlay or {})


def bounds_of(version: RulebookVersion) -> Bounds:
    """What the town lets its villages change."""
    return Bounds.model_validate(version.bounds or {})


def difference(old: RulebookVersion | None, new: RulebookVersion) -> tuple[diffs.Line, ...]:
    """What the new version changes, in sentences; against nothing every item is new."""
    after = whole(new)
    before = whole(old) if old else after.model_copy(update={"rules": ()})
    return (*diffs.diff(before, after), *_bounds_difference(old, new, before, after))


def _bounds_difference(
    old: RulebookVersion | None, new: RulebookVersion, before: spec.Rulebook, after: spec.Rulebook
) -> tuple[diffs.Line, ...]:
    """What the town lets villages change now and did not before, or the other way round."""
    if new.rulebook.village_id is not None:
        return ()
    was = bounds_of(old) if old else Bounds()
    return bounds_diff.diff(was, bounds_of(new), titles_of(before, after))


def titles_of(*found: spec.Rulebook) -> dict[str, str]:
    """What their items are called, by code; the last one's word counts."""
    return {rule.code: rule.title for book in found for rule in book.rules}


def earlier(version: RulebookVersion) -> RulebookVersion | None:
    """The version of the same book that this one follows, or a village's first follows (the town's)."""
    rows = version.rulebook.versions.filter(state__in=JUDGING, number__lt=version.number)
    begun = rows.exclude(effective_to=F("effective_from")).order_by("-number").first()
    return begun or version.town_version


def first_open_day(book: Rulebook, day: date) -> date:
    """The first day from ``day`` on from which rules may change: no later month is closed where they hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scoring_closed_month(%s, %s)", [book.pk, day])
        [month] = cursor.fetchone() or (None,)
    return max(day, clock.next_month(month)) if month else day


def followers(day: date) -> QuerySet[Village]:
    """Villages that live by the town's version on ``day``."""
    own = judging(day).exclude(rulebook__village=None).values("rulebook__village")
    return Village.objects.exclude(pk__in=own)


@dataclass(frozen=True, slots=True)
class NewerTemplate:
    """The district published a newer version of what the town's rules began with. ``start`` is for ``open_draft``."""

    start: str
    title: str
    number: int
    since: int
    note: str
    lines: tuple[diffs.Line, ...]


def newer_template() -> NewerTemplate | None:
    """For the town being served; None when its rules began with no template of the district, or with its newest."""
    version = latest(None, clock.today())
    if version is None or version.origin_number is None:
        return None
    found = shelf.newer_than(version.origin_code, version.origin_number)
    if found is None:
        return None
    lines = shelf.change(found, version.origin_number)
    start = f"district:{found.pk}"
    return NewerTemplate(start, found.template.title, found.number, version.origin_number, found.note, lines)


def began_with(key: str) -> spec.Rulebook | None:
    """The version of the template ``key`` that the town's rules began with; None when not with it."""
    version = latest(None, clock.today())
    if version is None or (version.origin_code or version.rulebook.template_code) != key:
        return None
    if version.origin_number is None:
        scheme = shelf.built_in_scheme(key)
        return scheme.rulebook if scheme else None
    return shelf.rulebook_at(key, version.origin_number)


@lru_cache(maxsize=64)
def _whole(text: str) -> spec.Rulebook:
    return spec.Rulebook.model_validate_json(text)
