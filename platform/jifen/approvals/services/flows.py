"""Versions of a town's flows, and which of them is in force."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from jifen.approvals import errors, registry, wording
from jifen.approvals.definition import Definition, parse
from jifen.approvals.models import Activation, Flow, Running
from jifen.approvals.services import moving
from jifen.audit import services as audit
from jifen.kernel import clock, locking
from jifen.kernel.actors import SYSTEM, Actor

Steps = Definition | Mapping[str, Any] | Sequence[Mapping[str, Any]]


def active_flow(subject_kind: str) -> Flow:
    """The version in force; a town that has chosen none gets the kind's standard one.

    Raises:
        FlowMissing: there is none.
    """
    newest = Activation.objects.filter(subject_kind=subject_kind).select_related("flow").order_by("-id").first()
    return newest.flow if newest is not None else _standard(subject_kind)


@transaction.atomic
def save(*, subject_kind: str, steps: Steps, by: Actor) -> Flow:
    """A new version, not in force yet.

    Raises:
        StepsWrong, ExpressionInvalid: nothing is written.
    """
    definition = parse(steps)
    registry.check(definition, subject_kind)
    locking.advisory(f"approvals.flow.{subject_kind}")
    newest = Flow.objects.filter(subject_kind=subject_kind).aggregate(newest=Max("version"))["newest"] or 0
    columns = by.columns() | {"subject_kind": subject_kind, "version": newest + 1, "active_from": clock.now()}
    flow = Flow.objects.create(**columns, steps=definition.dump())
    audit.record(by=by, action="approval.save", subject=flow, version=flow.version)
    return flow


@transaction.atomic
def install(*, subject_kind: str, steps: Steps, by: Actor) -> Flow:
    """A new version, in force at once; items under way finish on theirs.

    Raises:
        StepsWrong, ExpressionInvalid, ForkEmpty: nothing is written.
    """
    flow = save(subject_kind=subject_kind, steps=steps, by=by)
    activate(flow=flow, running=Running.FINISH, by=by)
    return flow


@transaction.atomic
def activate(*, flow: Flow, running: str, by: Actor) -> Activation:
    """Put a version in force; items under way finish on theirs, or move as ``preview_move`` tells.

    What cannot move finishes on its old version. Each move is a word with its item, and decides nothing. What is under
    way beside the items moves as its kind's ``preview_shifts`` tells.

    Raises:
        ForkEmpty: nothing changes.
    """
    for fork in flow.definition.empty_forks():
        raise errors.ForkEmpty(fork=wording.fork(fork))
    locking.advisory(f"approvals.flow.{flow.subject_kind}")
    moved = _all_moved(flow, by) if running == Running.MOVE else []
    row = Activation.objects.create(
        **by.columns(),
        flow=flow,
        subject_kind=flow.subject_kind,
        running=Running(running),
        moved=sum(moved),
        at=clock.now(),
    )
    audit.record(
        by=by, action="approval.activate", subject=flow, running=running, moved=sum(moved), kept=len(moved) - sum(moved)
    )
    return row


@transaction.atomic
def move(*, flow: Flow, things: Collection[int] | None = None, by: Actor) -> list[registry.Shift]:
    """What is under way beside the items on other versions goes over to the one in force: all, or ``things`` (ids).

    As ``SubjectKind.preview_shifts`` tells; what cannot move stays as it is, and is told with the reason.

    Raises:
        FlowNotInForce, NotFound: nothing changes.
    """
    locking.advisory(f"approvals.flow.{flow.subject_kind}")
    if active_flow(flow.subject_kind) != flow:
        raise errors.FlowNotInForce(version=flow.version)
    shifts = list(registry.subject(flow.subject_kind).shift(flow, by, things))
    moved = sum(one.can_move for one in shifts)
    audit.record(by=by, action="approval.move", subject=flow, moved=moved, kept=len(shifts) - moved)
    return shifts


def _all_moved(flow: Flow, by: Actor) -> list[bool]:
    """Of each item and thing under way, whether it was moved."""
    items = [one.can_move for one in moving.move_all(flow, by)]
    return items + [one.can_move for one in registry.subject(flow.subject_kind).shift(flow, by)]


@transaction.atomic
def _standard(subject_kind: str) -> Flow:
    """Raises:
    FlowMissing.
    """
    locking.advisory(f"approvals.flow.{subject_kind}")
    known = Activation.objects.filter(subject_kind=subject_kind).select_related("flow").order_by("-id").first()
    if known is not None:
        return known.flow
    definition = registry.standard_of(subject_kind)
    if definition is None:
        raise errors.FlowMissing(kind=subject_kind)
    return install(subject_kind=subject_kind, steps=definition, by=SYSTEM)
