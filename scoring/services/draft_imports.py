"""A file that was read into a draft: all its items at once, in one act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import locks
from scoring import rulebook_errors as errors
from scoring.models import EDITABLE, Draft, DraftItem, DraftState
from scoring.rules import derived
from scoring.rules.overlay import Problem
from scoring.rules.spec import Category, Rulebook
from scoring.rules.spec_limits import SharedLimit
from scoring.rules.workbook import Imported
from scoring.selectors import codes
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books
from scoring.services import draft_bodies as bodies
from scoring.services import draft_unread

Item = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many items came, changed, and went; ``problems``: what a village wanted to change and cannot."""

    added: int
    changed: int
    removed: int
    problems: tuple[Problem, ...] = ()


@transaction.atomic
def take_in(*, draft: Draft, imported: Imported, whole: bool, by: Actor) -> TakenIn:
    """Put what was read into the draft. Items are known by the codes that the file has, or by their
    words; others get a code that no item ever had.

    ``whole``: the file is all there is, items that it lacks are taken out (a village switches the town's off). Else
    they stay as they are. What a list does not speak of stays: the conditions and inputs of an item that it has, and
    what is said of the whole book. What was not read is kept beside them.

    Raises:
        DraftClosed, ItemWrong, ItemCodeWrong. ImportEmpty: nothing was read.
    """
    held = locks.draft(draft.pk)
    if held.state not in EDITABLE:
        raise errors.DraftClosed
    book = codes.read_for(imported, held)
    if book is None:
        raise errors.ImportEmpty
    items, head, problems = _content(held, book, whole, is_full=bool(imported.head))
    counts = _write(held, items, whole, by)
    draft_unread.keep(held=held, problems=imported.problems, whole=whole)
    _touch(held, head, by)
    told = TakenIn(*counts, tuple(problems))
    audit.record(
        by=by, action="draft.import", subject=held, village_id=held.rulebook.village_id, whole=whole,
        added=told.added, changed=told.changed, removed=told.removed,
    )  # fmt: skip
    draft.refresh_from_db()
    return told


def _content(
    held: Draft, book: Rulebook, whole: bool, *, is_full: bool
) -> tuple[list[Item], dict[str, Any], list[Problem]]:
    """The draft's items, its head and what cannot be taken. ``is_full``: the file says all of the whole book."""
    if not seen.is_village(held):
        told = books.head_of(book)
        found = [(rule.code, rule.model_dump(mode="json")) for rule in book.rules]
        if whole and is_full:
            return found, _with_missing(told, held.head, book), []
        if whole:
            return found, *_of_the_book(held.head, told, book)
        head, against = _with_class_caps(_with_categories(held.head, told["categories"]), book.categories)
        return found, _with_caps(head, told["settings"]), against
    town = seen.base_book(held)
    if town is None:
        raise errors.TownRulesMissing
    overlay, problems = derived.between(town, book, whole=whole)
    own_caps = [one for one in book.settings.limits if one.rules and one not in town.settings.limits]
    town_caps = {one.name: one.limits for one in town.categories}
    class_caps = [
        f"大类“{one.name}”的“{cap.text}”"
        for one in book.categories
        for cap in one.limits
        if one.name in town_caps and cap not in town_caps[one.name]
    ]
    told_caps = [*(f"几条合起来的“{one.text}”" for one in own_caps), *class_caps]
    problems = [*problems, *(Problem("", f"{one}只能写在镇里的细则里，没有读进来") for one in told_caps)]
    own = [one.model_dump(mode="json") for one in overlay.categories]
    head = {"categories": own} if whole else _with_categories(held.head, own)
    return [(change.code, change.model_dump(mode="json")) for change in overlay.changes], head, problems


def _of_the_book(head: dict[str, Any], told: dict[str, Any], book: Rulebook) -> tuple[dict[str, Any], list[Problem]]:
    """What a list that is all there is makes of the book: its main classes and caps, what it is silent about stays."""
    known = {one["name"]: one for one in head.get("categories", ())}
    used = {rule.category for rule in book.rules}
    classes = [known.get(one["name"], one) for one in told["categories"] if one["name"] in used]
    made, against = _with_class_caps(_with_missing({**head, "categories": classes}, head, book), book.categories)
    settings = dict(made.get("settings") or {})
    if settings.get("limits"):
        settings["limits"] = _still_shared(settings["limits"], {rule.code for rule in book.rules})
    return _with_caps({**made, "settings": settings}, told["settings"]), against


def _with_missing(head: dict[str, Any], old: dict[str, Any], book: Rulebook) -> dict[str, Any]:
    """``head`` with the main classes of ``old`` too that items of ``book`` are in."""
    missing = {rule.category for rule in book.rules} - {one["name"] for one in head["categories"]}
    more = [one for one in old.get("categories", ()) if one.get("name") in missing]
    return {**head, "categories": [*head["categories"], *more]}


def _still_shared(limits: Iterable[dict[str, Any]], there: set[str]) -> list[dict[str, Any]]:
    """The caps over several items that are still about several."""
    found = []
    for one in limits:
        named = [code for code in one.get("rules") or () if code in there]
        if len(named) > 1 or not one.get("rules"):
            found.append({**one, "rules": named})
    return found


def _with_categories(head: dict[str, Any], more: Iterable[dict[str, Any]]) -> dict[str, Any]:
    known = list(head.get("categories", ()))
    names = {one.get("name") for one in known if isinstance(one, dict)}
    return {**head, "categories": [*known, *(one for one in more if one["name"] not in names)]}


def _with_class_caps(head: dict[str, Any], told: Iterable[Category]) -> tuple[dict[str, Any], list[Problem]]:
    """With the caps that the file says of main classes that are there; another one of the same shape stays."""
    caps = {one.name: one.limits for one in told if one.limits}
    made, problems = [], []
    for category in head["categories"]:
        kept = [SharedLimit.model_validate(one) for one in category.get("limits") or ()]
        for cap in caps.get(category["name"], ()):
            same = next((one for one in kept if (one.shape, one.sign) == (cap.shape, cap.sign)), None)
            if same is None:
                kept.append(cap)
            elif same.value != cap.value:
                why = f"大类“{category['name']}”已经写着“{same.text}”，文件里的“{cap.text}”没有读进来"
                problems.append(Problem("", why))
        made.append({**category, "limits": [one.model_dump(mode="json") for one in kept]} if kept else category)
    return {**head, "categories": made}, problems


def _with_caps(head: dict[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """With the caps that name items; those that are there stay."""
    settings = dict(head.get("settings") or {})
    known = list(settings.get("limits") or ())
    fresh = [one for one in told["limits"] if one["rules"] and one not in known]
    return {**head, "settings": {**settings, "limits": [*known, *fresh]}} if fresh else head


def _write(held: Draft, items: list[Item], whole: bool, by: Actor) -> tuple[int, int, int]:
    stamp = {"changed_at": clock.now(), "changed_by_name": by.name}
    rows = {row.code: row for row in held.items.all()}
    ready = {code: bodies.checked(held, code, body) for code, body in items}
    places = {code: place for place, code in enumerate(ready)} if whole else {}
    last = max((row.position for row in rows.values()), default=-1)
    fresh = [code for code in ready if code not in rows]
    DraftItem.objects.bulk_create(
        DraftItem(draft=held, code=code, position=places.get(code, last + place), body=ready[code], **stamp)
        for place, code in enumerate(fresh, 1)
    )
    known = [rows[code] for code in ready if code in rows]
    changed = [row for row in known if row.body != ready[row.code] or row.is_removed]
    for row in known:
        told = {"body": ready[row.code], "is_removed": False, "revision": F("revision") + 1, **stamp}
        values = (told if row in changed else {}) | ({"position": places[row.code]} if whole else {})
        if values:
            DraftItem.objects.filter(pk=row.pk).update(**values)
    gone = held.items.exclude(code__in=list(ready)).filter(is_removed=False) if whole else DraftItem.objects.none()
    removed = gone.update(is_removed=True, revision=F("revision") + 1, **stamp)
    return len(fresh), len(changed), removed


def _touch(held: Draft, head: dict[str, Any], by: Actor) -> None:
    """One revision on: it has to be checked anew."""
    if held.head != head:
        held.head, held.head_revision = head, held.head_revision + 1
    held.state, held.revision = DraftState.OPEN, held.revision + 1
    held.changed_at, held.changed_by_name = clock.now(), by.name
    held.save(update_fields=["head", "head_revision", "state", "revision", "changed_at", "changed_by_name"])
