"""Rows that are locked before anybody acts: an item of approvals always before the room's own row."""

from jifen.approvals.models import Item
from reporting.errors import ObjectionAnswered
from reporting.models import NoticeDraft, Objection, ObjectionState


def item(subject_kind: str, subject_id: int) -> Item | None:
    """The subject's item under way, held; whoever decides it waits, or has decided."""
    rows = Item.objects.select_for_update().filter(subject_kind=subject_kind, subject_id=subject_id, finished_at=None)
    return rows.first()


def objection(pk: int) -> Objection:
    """Held, and still without an answer.

    Raises:
        ObjectionAnswered: somebody was first.
    """
    kept = Objection.objects.select_for_update().get(pk=pk)
    if kept.state != ObjectionState.RAISED:
        raise ObjectionAnswered
    return kept


def draft(pk: int) -> NoticeDraft:
    return NoticeDraft.objects.select_for_update().get(pk=pk)
