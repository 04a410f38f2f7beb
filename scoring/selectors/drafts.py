"""Drafts as people see them: the items with what is still missing, the whole they make, and what it changes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from pydantic import BaseModel, ValidationError

from jifen.kernel import clock
from scoring import policies, rulebook_errors
from scoring.models import (
    UNDER_WAY,
    Deliberation,
    DeliberationStep,
    Draft,
    DraftFinding,
    DraftItem,
    DraftTrial,
    DraftUnread,
    MeetingKind,
    Resolution,
    Rulebook,
    RulebookVersion,
)
from scoring.rules import bounds_diff, diffs, overlay, spec, workbook
from scoring.rules import problems as wrong
from scoring.rules.overlay import Add, Amend, Bounds, ItemBound, Off, Overlay, Problem
from scoring.rules.three_way import Choice, ThreeWay, three_way
from scoring.selectors import rulebooks as books

BEFORE_RESOLUTION = (
    Deliberation.PARTY, Deliberation.COMMITTEES, Deliberation.PARTY_MEMBERS, Deliberation.REPRESENTATIVES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a draft. ``rule`` is the item as it would be, None while it is unfinished; ``town`` is the town's.

    ``kind``: of a town's draft ``rule``; of a village's ``town`` (as the town has it), ``off``, ``amend`` or ``add``.
    ``bound``: what the town fixes about its item; villages' drafts only.
    """

    kind: str
    code: str
    item: DraftItem | None
    rule: spec.RuleSpec | None
    town: spec.RuleSpec | None
    problems: tuple[str, ...]
    bound: ItemBound | None = None

    @property
    def is_locked(self) -> bool:
        """Whether the town fixes the item: a village can only read it, or give up what it had changed."""
        return self.bound is not None and self.bound.locked

    @property
    def ruled(self) -> str:
        """Within what the village may change it; empty where the town says nothing."""
        return overlay.ruled(self.bound)


class Finished(NamedTuple):
    """What can be looked at of a draft in work; no book where nothing can. ``left``: how many items are unfinished."""

    book: spec.Rulebook | None
    overlay: Overlay | None
    left: int


def drafts(villages: set[int] | None, *, town: bool) -> QuerySet[Draft]:
    """Drafts of these villages (None: all), and of the town's book when ``town``."""
    rows = Draft.objects.select_related("rulebook__village", "base").order_by("-id")
    mine = rows.filter(rulebook__village__isnull=False)
    mine = mine if villages is None else mine.filter(rulebook__village__in=villages)
    return rows.filter(pk__in=mine.values("pk")) | rows.filter(rulebook__village=None) if town else mine


def open_draft(book: Rulebook) -> Draft | None:
    """The one draft of the rulebook that is under way."""
    return book.drafts.filter(state__in=UNDER_WAY).select_related("rulebook__village", "base").first()


def is_village(draft: Draft) -> bool:
    return draft.rulebook.village_id is not None


def kept_items(draft: Draft) -> list[DraftItem]:
    return list(draft.items.filter(is_removed=False).order_by("position", "id"))


def lines(draft: Draft) -> list[Line]:
    """All items in order: of a village's draft the town's too, each with what the village makes of it."""
    if is_village(draft):
        return list(_overlay_lines(draft))
    return [_town_line(item) for item in kept_items(draft)]


def removed(draft: Draft) -> list[DraftItem]:
    """What was taken out and can be put back, the newest first."""
    return list(draft.items.filter(is_removed=True).order_by("-changed_at", "-id"))


def unread(draft: Draft) -> list[tuple[DraftUnread, str]]:
    """What the file that it was made of did not yield, each with what to do, in the file's order."""
    return [(one, workbook.advice(_of_file(one))) for one in draft.unread.all()]


def unread_lines(draft: Draft) -> bytes:
    """The workbook of what nobody ticked off yet."""
    left = tuple(_of_file(one) for one in draft.unread.filter(done_at=None))
    return workbook.problems(workbook.Imported(None, left))


def _of_file(one: DraftUnread) -> workbook.Problem:
    return workbook.problem_of({name: getattr(one, name) for name in ("sheet", "cell", "text", "why", "cells")})


def problems(draft: Draft) -> list[Problem]:
    """Everything that keeps the draft from being a rulebook, item by item; empty when it is one."""
    found = [Problem(line.code, f"“{title_of(line)}”：{text}") for line in lines(draft) for text in line.problems]
    return found or list(_of_the_whole(draft))


def whole(draft: Draft) -> spec.Rulebook:
    """The rulebook that the draft would be.

    Raises:
        DraftUnfinished: ``data["problems"]`` lists (code, text).
    """
    found = problems(draft)
    if found:
        raise _unfinished(found)
    return _composed(draft, kept_items(draft))


def with_item(draft: Draft, rule: spec.RuleSpec) -> spec.Rulebook:
    """The whole with ``rule`` as it is written, switched on; while others are unfinished, of those that are finished.

    Raises:
        pydantic.ValidationError: the settings or main classes make no rulebook.
    """
    try:
        book = whole(draft)
    except rulebook_errors.DraftUnfinished:
        book = _of_the_finished(draft, rule)
    tried = rule.model_copy(update={"active": True})
    return book.model_copy(update={"rules": tuple(tried if one.code == rule.code else one for one in book.rules)})


def changes(draft: Draft) -> Overlay:
    """A village's draft as an overlay; its items must be finished."""
    return _changes(draft, kept_items(draft))


def finished(draft: Draft) -> Finished:
    """The draft without the items that somebody still writes: the others can be checked meanwhile.

    Raises:
        TownRulesMissing.
    """
    found = lines(draft)
    items = [line.item for line in found if line.item and not line.problems]
    left = sum(bool(line.problems) for line in found)
    try:
        book = _composed(draft, items)
    except (ValidationError, overlay.OverlayInvalid):
        return Finished(None, None, left)
    return Finished(book, _changes(draft, items) if is_village(draft) else None, left)


def base_book(draft: Draft) -> spec.Rulebook | None:
    """What the draft is compared with: the town's version under an overlay, the version in force before, or nothing."""
    if draft.base is not None:
        return books.whole(draft.base)
    before = books.latest(draft.rulebook.village, clock.today())
    return books.whole(before) if before else None


def difference(draft: Draft) -> tuple[diffs.Line, ...]:
    """What the draft changes against the newest version in its place, a village's first against its town's.

    Raises:
        DraftUnfinished.
    """
    after = whole(draft)
    own = books.latest(draft.rulebook.village, clock.today())
    before = (books.whole(own) if own else base_book(draft)) or after.model_copy(update={"rules": ()})
    if draft.rulebook.village_id is not None:
        return diffs.diff(before, after)
    was = books.bounds_of(own) if own else Bounds()
    return (*diffs.diff(before, after), *bounds_diff.diff(was, bounds(draft), books.titles_of(before, after)))


def newer_base(draft: Draft) -> RulebookVersion | None:
    """The town's newest version when a village's draft stands on an older one.

    Raises:
        TownRulesMissing.
    """
    if not is_village(draft):
        return None
    town = books.newest(None, clock.today())
    if town is None:
        raise rulebook_errors.TownRulesMissing
    return None if town.pk == draft.base_id else town


def moved_view(draft: Draft, town: RulebookVersion, chosen: Mapping[str, Choice]) -> ThreeWay:
    """A village's draft moved to another version of its town: what the town changed, its own, and what comes of both.

    Raises:
        DraftUnfinished: an item is not finished, or does not fit the version it was written on.
    """
    whole(draft)
    old = base_book(draft)
    new = books.whole(town)
    return three_way(old or new, new, changes(draft), bounds=books.bounds_of(town), chosen=chosen)


def bounds(draft: Draft) -> Bounds:
    """What the town allows: of a village's draft its base's word, of a town's draft its own.

    What is said of an item that was taken out goes with it, and comes back with it.
    """
    if draft.base is not None and is_village(draft):
        return books.bounds_of(draft.base)
    told = Bounds.model_validate(draft.bounds or {})
    gone = set(draft.items.filter(is_removed=True).values_list("code", flat=True)) if told.items else set()
    return told.model_copy(update={"items": tuple(one for one in told.items if one.code not in gone)})


def open_findings(draft: Draft) -> QuerySet[DraftFinding]:
    """Blocking findings that nobody has answered."""
    return draft.findings.filter(is_blocking=True, signed_at=None)


def trial_of(draft: Draft) -> DraftTrial | None:
    """The newest trial, or waiver, of the draft as it is now."""
    return draft.trials.filter(revision=draft.revision).last()


def resolution_of(draft: Draft) -> Resolution | None:
    """The newest resolution that passed on the draft as it is now: the assembly's where the charter is concerned."""
    passed = draft.resolutions.filter(revision=draft.revision, is_passed=True)
    return (passed.filter(meeting=MeetingKind.ASSEMBLY) if draft.is_charter else passed).last()


def deliberations(draft: Draft) -> list[tuple[Deliberation, DeliberationStep | None]]:
    """四议两公开: the six steps in order, each with its day once it is written down."""
    found = {row.step: row for row in draft.deliberations.select_related("paper")}
    return [(step, found.get(step.value)) for step in Deliberation]


def missing_deliberations(draft: Draft) -> list[Deliberation]:
    """The steps that have to come before it is handed in and are not written down, where the town asks for them."""
    if not policies.on(clock.today()).rules.deliberations:
        return []
    done = set(draft.deliberations.values_list("step", flat=True))
    if resolution_of(draft):
        done.add(Deliberation.REPRESENTATIVES.value)
    return [step for step in BEFORE_RESOLUTION if step.value not in done]


def _town_line(item: DraftItem) -> Line:
    rule, faults = _read(json.dumps(item.body, sort_keys=True))
    return Line("rule", item.code, item, rule, None, faults)


@lru_cache(maxsize=2_000)
def _read(body: str) -> tuple[spec.RuleSpec | None, tuple[str, ...]]:
    """A rule from its JSON, or what is wrong with it: of a draft in work one item changes at a time."""
    try:
        return spec.RuleSpec.model_validate(json.loads(body)), ()
    except ValidationError as error:
        return None, tuple(told(error))


@lru_cache(maxsize=32)
def _book(body: str) -> spec.Rulebook:
    return spec.Rulebook.model_validate(json.loads(body))


def _overlay_lines(draft: Draft) -> Iterable[Line]:
    town = base_book(draft)
    items = {item.code: item for item in kept_items(draft)}
    limits = bounds(draft)
    for rule in town.rules if town else ():
        item = items.pop(rule.code, None)
        line = (
            _changed_line(town, rule, item, limits) if town and item else Line("town", rule.code, None, rule, rule, ())
        )
        yield replace(line, bound=limits.of(rule.code))
    for item in items.values():
        yield _own_line(town, item, limits)


def _changed_line(town: spec.Rulebook, rule: spec.RuleSpec, item: DraftItem, limits: Bounds) -> Line:
    change, faults = read_change(item.body)
    if change is None:
        return Line("amend", rule.code, item, None, rule, tuple(faults))
    single = Overlay(changes=(change,))
    unfit = overlay.unfit(town, single)
    found = unfit or overlay.violations(town, single, limits)
    after = None if unfit else overlay.rule_after(rule, change)
    return Line(change.kind, rule.code, item, after, rule, tuple(one.text for one in found))


def _own_line(town: spec.Rulebook | None, item: DraftItem, limits: Bounds) -> Line:
    change, faults = read_change(item.body)
    if not isinstance(change, Add):
        return Line("add", item.code, item, None, None, tuple(faults or ["镇里的细则没有这一条"]))
    found = overlay.violations(town, Overlay(changes=(change,)), limits) if town else []
    return Line("add", item.code, item, change.rule, None, tuple(one.text for one in found))


def read_change(body: Any) -> tuple[Off | Amend | Add | None, list[str]]:
    """One change of an overlay from its JSON, or what is wrong with it."""
    try:
        return Overlay.model_validate({"changes": [body]}).changes[0], []
    except ValidationError as error:
        return None, told(error)


def told(error: ValidationError) -> list[str]:
    """Each fault in Chinese, with the field it is about."""
    return wrong.every(error)


def _of_the_whole(draft: Draft) -> Iterable[Problem]:
    try:
        _composed(draft, kept_items(draft))
    except ValidationError as error:
        yield from (Problem("", text) for text in told(error))
    except overlay.OverlayInvalid as error:
        yield from (Problem(code, text) for code, text in error.data["problems"])
    else:
        yield from _against_bounds(draft)


def _against_bounds(draft: Draft) -> Iterable[Problem]:
    """A village's changes that the town does not allow; a town's bounds on items that it does not have."""
    limits = bounds(draft)
    if not is_village(draft):
        known = {item.code for item in kept_items(draft)}
        gone = [one.code for one in limits.items if one.code not in known]
        yield from (Problem(code, f"限定了编号 {code} 的条目，但细则里没有这一条") for code in gone)
        return
    town = base_book(draft)
    if town is not None:
        yield from overlay.violations(town, changes(draft), limits)


def _changes(draft: Draft, items: Iterable[DraftItem]) -> Overlay:
    bodies = [item.body for item in items]
    return Overlay.model_validate({"changes": bodies, "categories": draft.head.get("categories", [])})


def _composed(draft: Draft, items: Iterable[DraftItem]) -> spec.Rulebook:
    """The rulebook of these items of the draft."""
    if not is_village(draft):
        rules = [item.body for item in items]
        return _book(json.dumps({**draft.head, "rules": rules}, sort_keys=True))
    town = base_book(draft)
    if town is None:
        raise rulebook_errors.TownRulesMissing
    return overlay.apply(town, _changes(draft, items))


def _of_the_finished(draft: Draft, tried: spec.RuleSpec) -> spec.Rulebook:
    base = base_book(draft) if is_village(draft) else None
    told = draft.head.get("settings")
    settings = base.settings if base else spec.Settings.model_validate(told) if told else spec.PLAIN
    rules = [line.rule for line in lines(draft) if line.rule]
    known = {None, *(one.code for one in settings.classes)}
    rules = [rule for rule in rules if rule.point_class in known or rule.code == tried.code]
    own = [spec.Category.model_validate(one) for one in draft.head.get("categories", [])]
    named = {one.name: one for one in (*own, *(base.categories if base else ()))}
    for rule in rules:
        named.setdefault(rule.category, spec.Category(name=rule.category))
    return spec.Rulebook(categories=tuple(named.values()), rules=tuple(rules), settings=settings)


def title_of(line: Line) -> str:
    """How people know an item, finished or not; by its deed or its main class where it has no name yet."""
    body = line.item.body if line.item else {}
    found = body.get("rule", body) if isinstance(body, dict) else {}
    named = found if isinstance(found, dict) else {}
    told = named.get("title") or (line.town.title if line.town else "") or str(named.get("text") or "")[:20]
    place = named.get("matter") or named.get("category")
    return str(told or f"还没有名称的一条{f'（{place}）' if place else ''}")


def _unfinished(found: list[Problem]) -> rulebook_errors.DraftUnfinished:
    first = "；".join(one.text for one in found[:5])
    listed = [(one.code, one.text) for one in found]
    return rulebook_errors.DraftUnfinished(count=len(found), first=f"{first}。", problems=listed)


def check_model(model: type[BaseModel], data: Any) -> str:
    """Why ``data`` is not such a model; empty when it is."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        return "；".join(told(error))
    return ""
