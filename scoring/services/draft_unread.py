"""What could not be read of the file that a draft was made of: kept with the draft until somebody ticks it off."""

from collections.abc import Iterable

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import rulebook_errors as errors
from scoring.models import Draft, DraftUnread
from scoring.rules import workbook
from scoring.rules.workbook import Problem
from scoring.services.draft_checks import editable


def keep(*, held: Draft, problems: Iterable[Problem], whole: bool) -> None:
    """Put what a file did not yield beside the locked draft. ``whole``: of an earlier file nothing is left."""
    if whole:
        held.unread.all().delete()
    known = set(held.unread.values_list("sheet", "cell", "text"))
    first = held.unread.count()
    rows = [_row(held, first + place, one) for place, one in enumerate(problems)]
    DraftUnread.objects.bulk_create(row for row in rows if (row.sheet, row.cell, row.text) not in known)


@transaction.atomic
def tick(*, draft: Draft, unread: int, done: bool, by: Actor) -> DraftUnread:
    """Tick one (id) off, or take that back.

    Raises:
        DraftClosed, UnreadUnknown.
    """
    held = editable(draft)
    found = held.unread.filter(pk=unread).first()
    if found is None:
        raise errors.UnreadUnknown
    found.done_at, found.done_by_name = (clock.now(), by.name) if done else (None, "")
    found.save(update_fields=["done_at", "done_by_name"])
    audit.record(
        by=by, action="draft.unread", subject=held, village_id=held.rulebook.village_id, unread=found.pk, done=done
    )
    return found


def _row(held: Draft, position: int, one: Problem) -> DraftUnread:
    return DraftUnread(
        draft=held, position=position, sheet=one.sheet[:60], cell=one.cell[:12], text=one.text[:600],
        why=one.why[:300], cells=workbook.cells(one),
    )  # fmt: skip
