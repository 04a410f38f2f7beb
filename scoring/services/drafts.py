"""A draft, written by several people at once.

Each item has a revision of its own, and so have the settings of the book: who saves says which revision she saw. If
somebody was quicker she is told who, when and what, and nothing of hers is written over it.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import locks
from scoring import rulebook_errors as errors
from scoring.models import EDITABLE, Draft, DraftItem, DraftState, Rulebook
from scoring.selectors import drafts as seen
from scoring.services import draft_bodies as bodies
from scoring.services import draft_feeds
from scoring.services.draft_starts import Start, start_from
from tenants.community.models import Village


@transaction.atomic
def open_draft(*, village: Village | None, start: str = "current", by: Actor) -> Draft:
    """Begin the next version of the town's rulebook (``village`` None) or of a village's overlay.

    ``start``: ``current`` (the newest version), ``empty``, ``version:ID`` (an earlier one); for the town also
    ``template:CODE`` (one that comes with the platform) and ``district:ID`` (a version that the district published).

    Raises:
        DraftUnderWay: there is one already. TownRulesMissing. StartUnknown, TemplateUnknown.
    """
    book = _book(village)
    other = seen.open_draft(book)
    if other is not None:
        raise errors.DraftUnderWay(name=other.actor_name, id=other.pk)
    begun = start_from(village, start)
    now = clock.now()
    draft = Draft.objects.create(
        rulebook=book, base=begun.base, title=begun.title[:120] or book.title, head=begun.head, bounds=begun.bounds,
        origin_code=begun.origin_code, origin_number=begun.origin_number, opened_at=now, changed_at=now,
        changed_by_name=by.name, **by.columns(),
    )  # fmt: skip
    _fill(draft, begun, by)
    audit.record(by=by, action="draft.open", subject=draft, village_id=book.village_id, start=start)
    return draft


@transaction.atomic
def add_item(*, draft: Draft, body: dict[str, Any], code: str = "", by: Actor) -> DraftItem:
    """One more item: of a town's draft a rule, of a village's a change. Without ``code`` it gets the next free one.

    The body may be unfinished. Without a source it is the town's (the village's) own.

    Raises:
        DraftClosed, ItemWrong, ItemCodeWrong, ItemTaken. ChangeForeign: the town has no such item to change.
    """
    held = _touched(draft, by)
    wanted = code or bodies.code_in(body) or bodies.free_code(held)
    checked = bodies.checked(held, wanted, bodies.sourced(held, body))
    last = held.items.aggregate(last=Max("position"))["last"]
    told = {"position": 0 if last is None else last + 1, "body": checked, **_stamp(by)}
    try:
        with transaction.atomic():
            item = DraftItem.objects.create(draft=held, code=wanted, **told)
    except IntegrityError as clash:
        raise errors.ItemTaken(code=wanted) from clash
    audit.record(by=by, action="draft.add_item", subject=held, village_id=held.rulebook.village_id, code=wanted)
    return item


@transaction.atomic
def save_item(*, draft: Draft, code: str, revision: int, body: dict[str, Any], by: Actor) -> DraftItem:
    """Autosave of one item that was read at ``revision``; the body may be unfinished. Nothing happens without a change.
    Without a source it keeps the one that it had. Where it names its device or department anew, the other items that
    the same one sends do so too.

    Raises:
        DraftClosed, ItemUnknown, ItemWrong. ItemChanged: somebody was quicker; her content is in ``data``.
    """
    item = _item(draft, code)
    before = item.body
    checked = bodies.checked(draft, code, bodies.sourced(draft, body, before))
    if item.revision == revision and item.body == checked and not item.is_removed:
        return item
    made = _written(draft, item, revision, {"body": checked, "is_removed": False}, "draft.save_item", by)
    draft_feeds.rename(draft=draft, before=before, item=made, by=by)
    return made


@transaction.atomic
def put_item(*, draft: Draft, code: str, body: dict[str, Any], by: Actor) -> DraftItem:
    """A village's first change of a town's item, or its next one after it had taken the change out.

    Raises:
        DraftClosed, ItemWrong, ItemTaken, ChangeForeign.
    """
    gone = draft.items.filter(code=code, is_removed=True).first()
    if gone is None:
        return add_item(draft=draft, code=code, body=body, by=by)
    return save_item(draft=draft, code=code, revision=gone.revision, body=body, by=by)


@transaction.atomic
def remove_item(*, draft: Draft, code: str, revision: int, by: Actor) -> DraftItem:
    """Take an item out; it stays in the draft's memory and can be put back.

    Raises:
        DraftClosed, ItemUnknown, ItemChanged.
    """
    return _written(draft, _item(draft, code), revision, {"is_removed": True}, "draft.remove_item", by)


@transaction.atomic
def restore_item(*, draft: Draft, code: str, revision: int, by: Actor) -> DraftItem:
    """Put a removed item back where it stood, as it was; its main class too, where that went meanwhile.

    Raises:
        DraftClosed, ItemUnknown, ItemChanged.
    """
    item = _written(draft, _item(draft, code), revision, {"is_removed": False}, "draft.restore_item", by)
    _shelve(draft, item)
    return item


@transaction.atomic
def switch_item(*, draft: Draft, code: str, revision: int | None, on: bool, by: Actor) -> DraftItem:
    """Switch an item off or on again. A village that switches a town's item on does without its change.

    ``revision`` is None for a town's item that the village has not touched, or has as the town has it again.

    Raises:
        DraftClosed, ItemUnknown, ChangeForeign, ItemChanged.
    """
    found = draft.items.filter(code=code).first()
    if seen.is_village(draft) and (found is None or bodies.is_change(found.body)):
        return _switched_change(draft, code, found, revision, on, by)
    item = found or _item(draft, code)
    return _written(draft, item, revision, {"body": bodies.switched(item.body, on)}, "draft.switch_item", by)


@transaction.atomic
def move_item(*, draft: Draft, code: str, before: str | None, by: Actor) -> None:
    """Put an item before another, or last; its revision stays, so that nobody who edits it is disturbed.

    Raises:
        DraftClosed, ItemUnknown.
    """
    held = _touched(draft, by)
    order = list(held.items.order_by("position", "id").values_list("code", flat=True))
    if code not in order or (before is not None and before not in order):
        raise errors.ItemUnknown
    order.remove(code)
    order.insert(len(order) if before is None else (order.index(before) if before != code else 0), code)
    places = {name: place for place, name in enumerate(order)}
    rows = list(held.items.all())
    for row in rows:
        row.position = places[row.code]
    DraftItem.objects.bulk_update(rows, ["position"])
    audit.record(by=by, action="draft.move_item", subject=held, village_id=held.rulebook.village_id, code=code)


@transaction.atomic
def save_settings(
    *,
    draft: Draft,
    revision: int,
    title: str | None = None,
    head: dict[str, Any] | None = None,
    bounds: dict[str, Any] | None = None,
    is_charter: bool | None = None,
    by: Actor,
) -> Draft:
    """What is said of the whole book; what is None stays.

    ``head`` is a rulebook without rules (a village's: ``{"categories": […]}`` of its own), ``bounds`` a
    ``scoring.rules.overlay.Bounds``, ``revision`` the draft's ``head_revision`` that was seen.

    Raises:
        DraftClosed, HeadWrong, BoundsWrong, BoundsOfVillage. HeadChanged: somebody was quicker.
    """
    given = {"title": title, "head": head, "bounds": bounds, "is_charter": is_charter}
    values = {name: value for name, value in given.items() if value is not None}
    _check_settings(draft, values)
    now, rows = clock.now(), Draft.objects.filter(pk=draft.pk, head_revision=revision, state__in=EDITABLE)
    moved = {"state": DraftState.OPEN, "revision": F("revision") + 1, "head_revision": F("head_revision") + 1}
    if not rows.update(**values, **moved, changed_at=now, changed_by_name=by.name):
        raise _head_refusal(draft)
    draft.refresh_from_db()
    audit.record(
        by=by, action="draft.save_settings", subject=draft, village_id=draft.rulebook.village_id, names=sorted(values)
    )
    return draft


@transaction.atomic
def discard(*, draft: Draft, by: Actor) -> Draft:
    """Give a draft up.

    Raises:
        DraftClosed: it is being decided, or over.
    """
    held = locks.draft(draft.pk)
    if held.state not in EDITABLE:
        raise errors.DraftClosed
    held.state = DraftState.DISCARDED
    held.save(update_fields=["state"])
    audit.record(by=by, action="draft.discard", subject=held, village_id=held.rulebook.village_id)
    return held


def _book(village: Village | None) -> Rulebook:
    """The rulebook, held; a village's first draft makes its own."""
    titled = f"{village.name}积分细则" if village else "积分细则"
    found, _ = Rulebook.objects.get_or_create(village=village, defaults={"title": titled, "template_code": ""})
    return locks.book(found.pk)


def _fill(draft: Draft, begun: Start, by: Actor) -> None:
    stamp = _stamp(by)
    DraftItem.objects.bulk_create(
        DraftItem(draft=draft, code=code, position=place, body=body, **stamp)
        for place, (code, body) in enumerate(begun.items)
    )


def _stamp(by: Actor) -> dict[str, Any]:
    return {"changed_at": clock.now(), "changed_by_name": by.name}


def _touched(draft: Draft, by: Actor) -> Draft:
    """The draft, held and one revision on: whatever was checked before has to be checked anew."""
    held = locks.draft(draft.pk)
    if held.state not in EDITABLE:
        raise errors.DraftClosed
    held.state, held.revision = DraftState.OPEN, held.revision + 1
    held.changed_at, held.changed_by_name = clock.now(), by.name
    held.save(update_fields=["state", "revision", "changed_at", "changed_by_name"])
    draft.state, draft.revision = held.state, held.revision
    return held


def _shelve(draft: Draft, item: DraftItem) -> None:
    """The main class of an item that came back."""
    rule, base = item.body.get("rule", item.body), seen.base_book(draft) if seen.is_village(draft) else None
    name, head = rule.get("category") if isinstance(rule, dict) else None, Draft.objects.get(pk=draft.pk).head
    known = {one.get("name") for one in head.get("categories", [])} | {
        one.name for one in (base.categories if base else ())
    }
    if isinstance(name, str) and name and name not in known:
        classes = [*head.get("categories", []), {"name": name}]
        told = {"head": {**head, "categories": classes}, "head_revision": F("head_revision") + 1}
        Draft.objects.filter(pk=draft.pk).update(**told)


def _item(draft: Draft, code: str) -> DraftItem:
    found = draft.items.filter(code=code).first()
    if found is None:
        raise errors.ItemUnknown
    return found


def _written(
    draft: Draft, item: DraftItem, revision: int | None, values: dict[str, Any], action: str, by: Actor
) -> DraftItem:
    """The item with new values, if it still is what was seen."""
    held = _touched(draft, by)
    rows = DraftItem.objects.filter(pk=item.pk, revision=-1 if revision is None else revision)
    changed = rows.update(**values, **_stamp(by), revision=F("revision") + 1)
    item.refresh_from_db()
    if not changed:
        raise _refusal(item)
    audit.record(by=by, action=action, subject=held, village_id=held.rulebook.village_id, code=item.code)
    return item


def _refusal(item: DraftItem) -> errors.ItemChanged:
    shown = {"body": item.body, "is_removed": item.is_removed, "revision": item.revision}
    at = item.changed_at.astimezone(clock.TIME_ZONE)
    return errors.ItemChanged(name=item.changed_by_name, time=f"{at:%H:%M}", at=at.isoformat(), code=item.code, **shown)


def _head_refusal(draft: Draft) -> errors.HeadChanged | errors.DraftClosed:
    draft.refresh_from_db()
    if draft.state not in EDITABLE:
        return errors.DraftClosed()
    at = draft.changed_at.astimezone(clock.TIME_ZONE)
    body = {"title": draft.title, "head": draft.head, "bounds": draft.bounds, "is_charter": draft.is_charter}
    told: dict[str, Any] = {"at": at.isoformat(), "revision": draft.head_revision, "body": body}
    return errors.HeadChanged(name=draft.changed_by_name, time=f"{at:%H:%M}", **told)


def _switched_change(
    draft: Draft, code: str, found: DraftItem | None, revision: int | None, on: bool, by: Actor
) -> DraftItem:
    """A town's item in a village's draft: off is a change of its own, on takes the change out."""
    if found is None:
        return add_item(draft=draft, code=code, body={"kind": "off", "code": code}, by=by)
    if revision is None and found.is_removed:
        revision = found.revision
    values: dict[str, Any] = (
        {"is_removed": True} if on else {"body": {"kind": "off", "code": code}, "is_removed": False}
    )
    return _written(draft, found, revision, values, "draft.switch_item", by)


def _check_settings(draft: Draft, values: dict[str, Any]) -> None:
    if "title" in values and not 0 < len(str(values["title"]).strip()) <= 120:
        raise errors.HeadWrong(why="名称要写，不超过120个字")
    if "bounds" in values:
        if seen.is_village(draft):
            raise errors.BoundsOfVillage
        if why := bodies.bounds_fault(draft, values["bounds"]):
            raise errors.BoundsWrong(why=why)
    if "head" in values and (why := bodies.head_fault(draft, values["head"])):
        raise errors.HeadWrong(why=why)
