"""The town has a new version: a village with an overlay looks at all three sides and says what it makes of them."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import locks
from scoring import rulebook_errors as errors
from scoring.models import Adaptation, AdaptationState, RulebookVersion, VersionState
from scoring.selectors import adaptations as seen
from scoring.selectors import rulebooks as books
from scoring.services import rule_rows, rulebook_news, versions


@transaction.atomic
def choose(*, adaptation: Adaptation, choices: Mapping[str, str], by: Actor) -> Adaptation:
    """Keep what the village has chosen so far: item's code to ``town`` or ``own``; other codes stay as they were.

    Raises:
        AdaptationDecided. ChoiceWrong: there is nothing to choose about the item, or not that.
    """
    held = _chosen(adaptation, choices)
    village = held.rulebook.village_id
    audit.record(by=by, action="rulebook.choose", subject=held, village_id=village, choices=dict(choices))
    return held


@transaction.atomic
def confirm(*, adaptation: Adaptation, choices: Mapping[str, str] | None = None, by: Actor) -> RulebookVersion:
    """The village's version on the town's new one: in force with it, or from today when that has begun already.

    One of its own that waits for a later day is replaced, and the new one begins on that day.

    Raises:
        AdaptationDecided, ChoiceWrong. ConflictsOpen: something is left to choose. MonthClosed, VersionDates.
    """
    held = _chosen(adaptation, choices or {})
    view = seen.view(held)
    if view.open:
        raise errors.ConflictsOpen.of(view.open)
    town = held.town_version
    day = _make_room(held, books.first_open_day(held.rulebook, max(town.effective_from, clock.today())))
    version = rule_rows.write(
        book=held.rulebook, rules=seen.result(held), by=by, effective_from=day, bounds={}, town_version=town,
        overlay=view.result.model_dump(mode="json"), effective_to=None,
        resolution=f"随镇细则第{town.number}版（{town.resolution}）确认"[:200],
    )  # fmt: skip
    rule_rows.seal(version, VersionState.APPROVED)
    versions.enact(version, day)
    audit.record(
        by=by, action="rulebook.adapt", subject=version, village_id=held.rulebook.village_id, town=town.number,
        choices=dict(held.choices),
    )  # fmt: skip
    rulebook_news.announce(version)
    return version


def _chosen(adaptation: Adaptation, choices: Mapping[str, str]) -> Adaptation:
    """The decision, held, with these choices."""
    held = _pending(adaptation)
    known = {one.code: one.choices for one in seen.view(held).conflicts}
    for code, choice in choices.items():
        if choice not in known.get(code, ()):
            raise errors.ChoiceWrong(code=code)
    held.choices = {**held.choices, **choices}
    held.save(update_fields=["choices"])
    return held


def _make_room(held: Adaptation, day: date) -> date:
    """The day for the new version: not before the village's own, which it replaces if that has not begun."""
    own = held.from_version
    if own.effective_from < day:
        return day
    if own.effective_from > clock.today():
        versions.end_unbegun(own, "并入随镇修订的版本")
        return own.effective_from
    return own.effective_from + timedelta(days=1)


def _pending(adaptation: Adaptation) -> Adaptation:
    """The decision, held together with its rulebook, while nobody has made it."""
    locks.book(adaptation.rulebook_id)
    held = Adaptation.objects.select_for_update(of=("self",)).select_related(
        "rulebook__village", "town_version__rulebook", "from_version__town_version", "from_version__rulebook"
    )
    found = held.get(pk=adaptation.pk)
    if found.state != AdaptationState.PENDING:
        raise errors.AdaptationDecided
    return found
