"""What villages have to say of their town's new versions."""

from dataclasses import replace

from django.db.models import QuerySet

from scoring.models import Adaptation, AdaptationState, Rulebook
from scoring.rules import bounds_diff, overlay, spec
from scoring.rules.three_way import Row, ThreeWay, three_way
from scoring.selectors import rulebooks as books


def pending(villages: set[int] | None) -> QuerySet[Adaptation]:
    """Decisions that these villages (None: all) have not made, the oldest first."""
    rows = adaptations(villages).filter(state=AdaptationState.PENDING)
    return rows.order_by("made_at", "id")


def adaptations(villages: set[int] | None) -> QuerySet[Adaptation]:
    """All decisions of these villages, made or not, the newest first."""
    rows = Adaptation.objects.select_related(
        "rulebook__village", "town_version__rulebook", "from_version__town_version", "result"
    )
    return rows if villages is None else rows.filter(rulebook__village__in=villages)


def pending_of(book: Rulebook) -> Adaptation | None:
    """The one decision that the rulebook waits for."""
    return adaptations(None).filter(rulebook=book, state=AdaptationState.PENDING).first()


def view(adaptation: Adaptation) -> ThreeWay:
    """What the town changed, what the village has of its own, and what comes of both with what is chosen so far."""
    own = adaptation.from_version
    new = adaptation.town_version
    old = own.town_version or new
    before, after, limits = books.whole(old), books.whole(new), books.bounds_of(new)
    found = three_way(before, after, books.overlay_of(own), bounds=limits, chosen=adaptation.choices)
    told = bounds_diff.diff(books.bounds_of(old), limits, books.titles_of(before, after))
    return replace(found, rows=(*(Row("", "整本细则", line.text, "", line.text) for line in told), *found.rows))


def result(adaptation: Adaptation) -> spec.Rulebook:
    """The village's rulebook on the new version, with what is chosen so far."""
    return overlay.apply(books.whole(adaptation.town_version), view(adaptation).result)
