"""The draft of a flow: one for the town and kind, kept until it is saved as a version or dropped.

Whoever changes it names the revision she saw; a change that somebody else has overtaken is refused.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from jifen.approvals import errors
from jifen.approvals.definition import Definition
from jifen.approvals.models import Flow, FlowDraft
from jifen.approvals.services import flows
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor


@transaction.atomic
def keep(*, subject_kind: str, steps: Definition, base: int, revision: int, by: Actor) -> FlowDraft:
    """The draft with its new steps; ``revision`` is the one ``by`` changed, 0 when there was none.

    Raises:
        DraftChanged: somebody else was first; nothing is written.
    """
    values = by.columns() | {"steps": steps.dump(), "base": base, "changed_at": clock.now()}
    rows = FlowDraft.objects.filter(subject_kind=subject_kind, revision=revision)
    if revision == 0:
        draft = _begun(subject_kind, values)
    elif rows.update(**values, revision=F("revision") + 1):
        draft = FlowDraft.objects.get(subject_kind=subject_kind)
    else:
        raise _overtaken(subject_kind)
    audit.record(by=by, action="approval.draft", subject=draft, kind=subject_kind, revision=draft.revision)
    return draft


@transaction.atomic
def drop(*, subject_kind: str, revision: int, by: Actor) -> None:
    """Away with it; one that is gone already is no error.

    Raises:
        DraftChanged
    """
    draft = _held(subject_kind, revision)
    if draft is not None:
        audit.record(by=by, action="approval.draft_drop", subject=draft, kind=subject_kind, revision=revision)
        draft.delete()


@transaction.atomic
def save(*, subject_kind: str, steps: Definition, revision: int, by: Actor) -> Flow:
    """The draft becomes a version, not in force yet, and is gone.

    Raises:
        DraftChanged, StepsWrong, ExpressionInvalid: nothing is written.
    """
    draft = _held(subject_kind, revision)
    if draft is None and revision:
        raise _overtaken(subject_kind)
    flow = flows.save(subject_kind=subject_kind, steps=steps, by=by)
    if draft is not None:
        draft.delete()
    return flow


def _held(subject_kind: str, revision: int) -> FlowDraft | None:
    draft = FlowDraft.objects.select_for_update().filter(subject_kind=subject_kind).first()
    if draft is not None and draft.revision != revision:
        raise _overtaken(subject_kind)
    return draft


def _begun(subject_kind: str, values: dict[str, Any]) -> FlowDraft:
    try:
        with transaction.atomic():
            return FlowDraft.objects.create(subject_kind=subject_kind, **values)
    except IntegrityError as clash:
        raise _overtaken(subject_kind) from clash


def _overtaken(subject_kind: str) -> errors.DraftChanged:
    """A draft that is gone was saved or dropped by somebody."""
    other = FlowDraft.objects.filter(subject_kind=subject_kind).first()
    return errors.DraftChanged(name=other.actor_name if other else "别人")
