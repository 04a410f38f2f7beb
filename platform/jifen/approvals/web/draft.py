"""The flow an administrator is working on: kept in her session until she saves it as a version."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from jifen.approvals import catalog, registry
from jifen.approvals.definition import Definition, parse
from jifen.approvals.errors import SubjectUnknown
from jifen.approvals.models import Activation, Flow
from jifen.approvals.registry import SubjectKind
from jifen.kernel.errors import JifenError, NotFound

_KEY = "approvals_draft_{}"


@dataclass(frozen=True, slots=True)
class Draft:
    """``version`` is the one it started from, 0 for none; ``is_changed`` until it is saved."""

    kind: SubjectKind
    definition: Definition
    version: int
    is_changed: bool


def kind_of(code: str) -> SubjectKind:
    """Raises:
    NotFound: no room has registered it.
    """
    try:
        return registry.subject(code)
    except SubjectUnknown as unknown:
        raise NotFound from unknown


def in_force(code: str) -> Flow | None:
    """The version that new items start on; ``None`` when the town has chosen none."""
    newest = Activation.objects.filter(subject_kind=code).select_related("flow").order_by("-id").first()
    return newest.flow if newest else None


def standard(kind: SubjectKind) -> Definition:
    """What the kind runs on as long as the town has installed nothing."""
    flows = catalog.for_kind(kind.kind)
    return kind.standard() or (flows[-1][1] if flows else _plainest())


def load(request: HttpRequest, code: str) -> Draft:
    """What she has not saved yet, or else the version in force."""
    kind = kind_of(code)
    kept: Any = request.session.get(_KEY.format(code))
    if kept:
        try:
            return Draft(kind, parse(kept["steps"]), kept["version"], True)
        except JifenError:
            drop(request, code)
    flow = in_force(code)
    return Draft(kind, flow.definition if flow else standard(kind), flow.version if flow else 0, False)


def store(request: HttpRequest, draft: Draft, definition: Definition) -> Draft:
    kept = {"steps": definition.dump(), "version": draft.version}
    request.session[_KEY.format(draft.kind.kind)] = kept
    return Draft(draft.kind, definition, draft.version, True)


def drop(request: HttpRequest, code: str) -> None:
    request.session.pop(_KEY.format(code), None)


def _plainest() -> Definition:
    return parse([{"name": "镇级办公室办理", "who": {"role": "town_officer"}}])
