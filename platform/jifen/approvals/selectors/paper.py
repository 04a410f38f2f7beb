"""Whose words a person may enter from a signed sheet (decision 44)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from jifen.accounts.models import SiteRole
from jifen.approvals import machine, registry
from jifen.approvals.models import OPEN_WORK, Assignment, Item, Origin, StageState, Word, WordKind
from jifen.approvals.permissions import ApprovalsPermission
from jifen.approvals.selectors.people import barred, holds
from jifen.kernel import clock
from jifen.kernel.permissions import grants_of


def asked(items: Collection[int]) -> list[Assignment]:
    """Whoever has not spoken yet where the items (ids) wait, in the order of the steps."""
    rows = Assignment.objects.filter(stage__item__in=items, stage__state=StageState.ACTIVE, state__in=OPEN_WORK)
    rows = rows.select_related("user", "stage__item__flow")
    return list(rows.order_by("stage_id", "seat", "rank", "id"))


def may_enter(item: Item, user: Any) -> bool:
    """Whether she enters sheets of the item at all: in its village, or in the town; what she may read there."""
    if not holds(user, ApprovalsPermission.PAPER, item.village_id):
        return False
    return _is_of_town(user) or registry.subject(item.subject_kind).may_read(item, user.pk)


def enterable(rows: Iterable[Assignment], user: Any) -> list[Assignment]:
    """Of the people ``asked`` those whose words ``user`` may enter: none of an item from which she must stand back.

    Who has the permission in a village enters no word of the town.
    """
    known = list(rows)
    items = {row.stage.item_id: row.stage.item for row in known}
    open_to = {pk for pk, item in items.items() if may_enter(item, user) and not barred(item, {user.pk})}
    found = [row for row in known if row.stage.item_id in open_to]
    return found if _is_of_town(user) else _of_village(found)


def may_speak_for(row: Assignment, user: Any) -> bool:
    """Whether a sheet of whoever may enter the item's sheets may bring this person's word."""
    return _is_of_town(user) or bool(_of_village([row]))


def earliest(item: Item, key: str) -> tuple[str, date]:
    """What was there last before anybody could sign for the step, in Chinese, and its day.

    A sheet that was signed at several steps is entered step by step, later: what counts is when people spoke, not when
    it was entered.
    """
    found = ("这件事发起", _day(item.started_at))
    before = [step.key for step in machine.earlier(item.flow.definition, key)]
    spoken = Word.objects.filter(stage__state=StageState.PASSED, stage__key__in=before, kind=WordKind.APPROVE)
    for word in (spoken | Word.objects.filter(kind=WordKind.RESUBMIT)).filter(item=item).select_related("stage"):
        signed = word.data.get("signed_on")
        day = date.fromisoformat(signed) if signed else _day(word.at)
        if day > found[1]:
            found = (f"“{word.stage.name}”表态" if word.stage else "重新提交", day)
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.TIME_ZONE).date()


def _of_village(rows: Collection[Assignment]) -> list[Assignment]:
    posts: dict[int, set[int | None]] = {}
    for user, village in registry.posts({row.user_id for row in rows}):
        posts.setdefault(user, set()).add(village)
    return [row for row in rows if not _speaks_for_town(row, posts.get(row.user_id, set()))]


def _speaks_for_town(row: Assignment, held: Collection[int | None]) -> bool:
    """The step asks her for the town, or nothing she holds is of the item's village."""
    step = row.stage.item.flow.definition.step(row.stage.key)
    if step is None or row.origin == Origin.OFFICE:
        return True
    who = step.who[row.part] if row.part < len(step.who) else None
    if who is None or who.role in SiteRole.values or who.level == "town":
        return True
    return bool(held) and row.stage.item.village_id not in held


def _is_of_town(user: Any) -> bool:
    return grants_of(user).scope(ApprovalsPermission.PAPER, "village") is None
