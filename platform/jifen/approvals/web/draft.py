"""The flow that a town's administrators are working on, kept until one of them saves it as a version."""

from django.http import HttpRequest

from jifen.approvals.definition import Definition
from jifen.approvals.selectors.drafts import Draft, in_force, kind_of, load, standard
from jifen.approvals.services import drafting
from jifen.kernel.actors import Actor
from jifen.kernel.reading import whole

__all__ = ["Draft", "drop", "in_force", "kind_of", "load", "seen", "standard", "store"]


def seen(request: HttpRequest) -> int:
    """The revision that the page showed which is being sent."""
    return whole(request.POST.get("revision", "")) or 0


def store(request: HttpRequest, draft: Draft, definition: Definition, *, base: int | None = None) -> Draft:
    """Raises:
    DraftChanged: another administrator changed it since ``request``'s page was shown.
    """
    kept = drafting.keep(
        subject_kind=draft.kind.kind,
        steps=definition,
        base=draft.version if base is None else base,
        revision=seen(request),
        by=Actor.of(request.user),
    )
    return Draft(draft.kind, definition, kept.base, kept)


def drop(request: HttpRequest, code: str) -> None:
    """Raises:
    DraftChanged
    """
    drafting.drop(subject_kind=code, revision=seen(request), by=Actor.of(request.user))
