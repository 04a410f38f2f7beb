"""A rulebook as rows: written, sealed, and given its place in time."""

from datetime import date
from typing import Any

from django.db import connection

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors
from scoring.models import Rule, Rulebook, RulebookVersion, RuleLimit, VersionState
from scoring.rules import spec, spec_limits
from scoring.selectors import rulebooks as books


def write(*, book: Rulebook, rules: spec.Rulebook, by: Actor, **columns: Any) -> RulebookVersion:
    """The next version of ``book`` with its rules, not sealed yet. The caller holds the book.

    ``columns``: effective_from, effective_to, resolution, and what else is known of the version.
    """
    version = RulebookVersion.objects.create(
        rulebook=book,
        number=book.versions.count() + 1,
        state=VersionState.DRAFT,
        head=books.head_of(rules),
        made_at=clock.now(),
        **columns,
        **by.columns(),
    )
    _write(version, rules.rules)
    return version


def seal(version: RulebookVersion, state: VersionState) -> None:
    """From here on nothing in it changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scoring_version_hash(%s)", [version.pk])
        [version.content_hash] = cursor.fetchone() or ("",)
    version.state = state
    version.save(update_fields=["state", "content_hash"])


def check_newest(book: Rulebook, day: date) -> None:
    """VersionDates: a version in force begins on ``day`` or later."""
    in_force = book.versions.filter(state=VersionState.IN_FORCE)
    later = in_force.filter(effective_from__gte=day).order_by("-effective_from").first()
    if later is not None:
        raise errors.VersionDates(day=later.effective_from)


def end_the_earlier(book: Rulebook, day: date) -> date | None:
    """Ends the version in force on ``day``; returns the end that it had. VersionDates: one begins that day or later."""
    check_newest(book, day)
    holding = book.versions.filter(state=VersionState.IN_FORCE).exclude(effective_to__lte=day)
    end: date | None = holding.values_list("effective_to", flat=True).first()
    holding.update(effective_to=day)
    return end


def _write(version: RulebookVersion, specs: tuple[spec.RuleSpec, ...]) -> None:
    rules = Rule.objects.bulk_create([_row(version, one, place) for place, one in enumerate(specs)])
    RuleLimit.objects.bulk_create(
        RuleLimit(rule=rule, position=place, key=key, **limit.model_dump(include={"kind", "value", "period", "scope"}))
        for rule, one in zip(rules, specs, strict=True)
        for place, (key, limit) in enumerate(spec_limits.keyed(one.effective_limits))
    )


def _row(version: RulebookVersion, one: spec.RuleSpec, place: int) -> Rule:
    return Rule(
        version=version,
        code=one.code,
        position=place,
        sign=one.sign,
        subject=one.subject,
        category=one.category,
        matter=one.matter,
        title=one.title,
        text=one.text,
        is_example=one.figures == "example",
        is_sensitive=one.sensitive,
        spec=one.model_dump(mode="json"),
    )
