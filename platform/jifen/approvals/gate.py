"""Whether a kind of subject is decided here by a flow, or by the town's office in one word.

A town that has put no flow in force keeps the one word. Where there is a flow, a room's direct act asks
``require_direct`` first; what the flow decided, and what the system does by itself, does not come by here.
"""

from collections.abc import Mapping
from typing import Any

from jifen.approvals import registry
from jifen.approvals.definition import Definition
from jifen.approvals.errors import DecidedByFlow
from jifen.approvals.machine import Facts, walk
from jifen.approvals.selectors.items import has_flow, open_item, waits_at
from jifen.approvals.services.flows import active_flow
from jifen.kernel.actors import SYSTEM, Actor


def require_direct(subject_kind: str, subject_id: int | None = None, *, by: Actor) -> None:
    """Raises:
    DecidedByFlow: a flow decides; says where the subject stands, ``data["item"]`` is its item (if it is under way).
    """
    if by.realm == SYSTEM.realm or not has_flow(subject_kind):
        return
    kind = registry.subject(subject_kind)
    item = open_item(subject_kind, subject_id) if subject_id is not None else None
    where = f"“{kind.title(item)}”现在停在“{waits_at(item)}”，请到“我的待办”里办" if item else "请先提交审批"
    raise DecidedByFlow(kind=kind.name, where=where, item=item.pk if item else None)


def asks(subject_kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether the flow in force has a step for a subject with these facts; never where there is no flow."""
    return has_flow(subject_kind) and applies(active_flow(subject_kind).definition, subject_kind, facts)


def asks_beyond(subject_kind: str, facts: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether the flow in force has a step for a subject with ``facts`` that one with the facts ``asked`` is spared."""
    if not has_flow(subject_kind):
        return False
    definition = active_flow(subject_kind).definition
    return bool(_steps(definition, subject_kind, facts) - _steps(definition, subject_kind, asked))


def _steps(definition: Definition, subject_kind: str, facts: Mapping[str, Any]) -> set[str]:
    """The steps that such a subject comes by when everybody agrees."""
    stored = _stored(subject_kind, facts)
    done: set[str] = set()
    while waiting := walk(definition, done, {}, stored).waiting:
        done |= {step.key for step in waiting}
    return done


def _stored(subject_kind: str, facts: Mapping[str, Any]) -> Facts:
    return Facts(registry.stored(facts, registry.subject(subject_kind)), registry.facts_of(subject_kind))


def applies(definition: Definition, subject_kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether a flow of this definition has a step for a subject with these facts."""
    return bool(walk(definition, (), {}, _stored(subject_kind, facts)).waiting)
