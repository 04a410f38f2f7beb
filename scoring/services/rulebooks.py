"""积分细则: a scheme's rules become rows, dated and versioned."""

from datetime import date

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors
from scoring.models import Rule, Rulebook, RulebookVersion, RuleLimit, VersionState
from scoring.rules.spec import RuleSpec, Scheme
from scoring.selectors.rulebooks import head_of
from tenants.community.models import Village


@transaction.atomic
def install(
    *,
    scheme: Scheme,
    village: Village | None = None,
    effective_from: date,
    effective_to: date | None = None,
    resolution: str,
    by: Actor,
) -> RulebookVersion:
    """The scheme's rules in force from ``effective_from`` to before ``effective_to``, for the town or one village.

    The version in force until then ends on that day. Deeds keep the version of their date.

    Raises:
        VersionDates: a version begins on that day or later.
    """
    book, _ = Rulebook.objects.get_or_create(
        village=village, defaults={"title": scheme.title[:120], "template_code": scheme.code}
    )
    Rulebook.objects.select_for_update().get(pk=book.pk)
    number = _end_the_earlier(book, effective_from)
    version = RulebookVersion.objects.create(
        rulebook=book,
        number=number,
        state=VersionState.DRAFT,
        effective_from=effective_from,
        effective_to=effective_to,
        resolution=resolution[:200],
        made_at=clock.now(),
        head=head_of(scheme.rulebook),
        **by.columns(),
    )
    _write(version, scheme.rulebook.rules)
    version.state = VersionState.IN_FORCE
    version.save(update_fields=["state"])
    audit.record(by=by, action="rulebook.install", subject=version, village_id=village.pk if village else None)
    return version


def _end_the_earlier(book: Rulebook, day: date) -> int:
    """Ends the version in force on ``day``; returns the new version's number."""
    in_force = book.versions.filter(state=VersionState.IN_FORCE)
    later = in_force.filter(effective_from__gte=day).order_by("-effective_from").first()
    if later is not None:
        raise errors.VersionDates(day=later.effective_from)
    in_force.exclude(effective_to__lte=day).update(effective_to=day)
    return book.versions.count() + 1


def _write(version: RulebookVersion, specs: tuple[RuleSpec, ...]) -> None:
    rules = Rule.objects.bulk_create([_row(version, spec, place) for place, spec in enumerate(specs)])
    RuleLimit.objects.bulk_create(
        RuleLimit(rule=rule, position=place, kind=limit.kind, value=limit.value, period=limit.period, scope=limit.scope)
        for rule, spec in zip(rules, specs, strict=True)
        for place, limit in enumerate(spec.effective_limits)
    )


def _row(version: RulebookVersion, spec: RuleSpec, place: int) -> Rule:
    return Rule(
        version=version,
        code=spec.code,
        position=place,
        sign=spec.sign,
        subject=spec.subject,
        category=spec.category,
        matter=spec.matter,
        title=spec.title,
        text=spec.text,
        is_example=spec.figures == "example",
        is_sensitive=spec.sensitive,
        spec=spec.model_dump(mode="json"),
    )
