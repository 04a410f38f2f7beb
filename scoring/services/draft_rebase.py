"""The town has a new version while a village is still writing: its changes move to the new one."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import locks
from scoring import rulebook_errors as errors
from scoring.models import EDITABLE, Draft, DraftItem, DraftState, RulebookVersion
from scoring.rules.overlay import Overlay
from scoring.rules.three_way import Choice
from scoring.selectors import drafts as seen


@transaction.atomic
def rebase(*, draft: Draft, choices: Mapping[str, Choice] | None = None, by: Actor) -> Draft:
    """Put a village's draft on the newest version of its town; what both changed is as ``choices`` say.

    Nothing happens when it stands on that already.

    Raises:
        DraftClosed, TownRulesMissing. DraftUnfinished: an item has to be finished first. ConflictsOpen: something is
        left to choose (item's code to ``town`` or ``own``).
    """
    held = locks.draft(draft.pk)
    if held.state not in EDITABLE:
        raise errors.DraftClosed
    town = seen.newer_base(held)
    if town is None:
        return held
    view = seen.moved_view(held, town, dict(choices or {}))
    if view.open:
        raise errors.ConflictsOpen.of(view.open)
    _move(held, town, view.result, by)
    audit.record(by=by, action="draft.rebase", subject=held, village_id=held.rulebook.village_id, town=town.number)
    return held


def _move(held: Draft, town: RulebookVersion, overlay: Overlay, by: Actor) -> None:
    now = clock.now()
    wanted = {change.code: change.model_dump(mode="json") for change in overlay.changes}
    _write_items(held, wanted, {"changed_at": now, "changed_by_name": by.name})
    held.base, held.state, held.revision = town, DraftState.OPEN, held.revision + 1
    held.head = {"categories": [one.model_dump(mode="json") for one in overlay.categories]}
    held.head_revision += 1
    held.changed_at, held.changed_by_name = now, by.name
    held.save(update_fields=["base", "state", "revision", "head", "head_revision", "changed_at", "changed_by_name"])


def _write_items(held: Draft, wanted: dict[str, dict[str, Any]], stamp: dict[str, Any]) -> None:
    """The items as they are wanted, each that differs one revision on; the others are taken out."""
    rows = {row.code: row for row in held.items.all()}
    changed = [row for code, row in rows.items() if _differs(row, wanted.get(code))]
    for row in changed:
        row.is_removed = row.code not in wanted
        row.body = wanted.get(row.code, row.body)
        row.revision += 1
        row.changed_at, row.changed_by_name = stamp["changed_at"], stamp["changed_by_name"]
    DraftItem.objects.bulk_update(changed, ["is_removed", "body", "revision", "changed_at", "changed_by_name"])
    last = max((row.position for row in rows.values()), default=-1)
    new = [code for code in wanted if code not in rows]
    DraftItem.objects.bulk_create(
        DraftItem(draft=held, code=code, position=last + place, body=wanted[code], **stamp)
        for place, code in enumerate(new, start=1)
    )


def _differs(row: DraftItem, body: dict[str, Any] | None) -> bool:
    return row.is_removed is (body is not None) or (body is not None and row.body != body)
