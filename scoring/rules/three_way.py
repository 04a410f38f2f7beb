"""The town has a new version: what it changed, what the village has of its own, and what comes of both (pure).

A conflict is what both changed, and what the town no longer allows; the village chooses ``town`` or ``own``. All else
goes on by itself: the town's changes come in, the village's own stay.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from scoring.rules import diffs, overlay, phrases_amount
from scoring.rules.overlay import Add, Amend, Bounds, Off, Overlay
from scoring.rules.phrases import Known
from scoring.rules.spec import Rulebook, RuleSpec

Choice = Literal["town", "own"]
Why = Literal["both", "removed", "code", "bound", "slot"]
GONE = "不再有这一条"
"""The other side of an item that only the village has."""
_MOST_CODE = 40


@dataclass(frozen=True, slots=True)
class Conflict:
    """``choices`` are what the village may choose; one alone has to be accepted by choosing it."""

    code: str
    title: str
    why: Why
    text: str
    town: str
    own: str
    choices: tuple[Choice, ...] = ("town", "own")


@dataclass(frozen=True, slots=True)
class Row:
    """One item in three views; an empty text means that this side changed nothing.

    ``code`` is empty for what is said of the whole book, or of a main class (its ``title``).
    """

    code: str
    title: str
    town: str
    own: str
    result: str


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """``result`` is the overlay on the new version if every conflict is decided as ``chosen`` says, else the town's."""

    rows: tuple[Row, ...]
    conflicts: tuple[Conflict, ...]
    result: Overlay
    chosen: Mapping[str, Choice]

    @property
    def open(self) -> tuple[Conflict, ...]:
        """The conflicts that nobody has decided yet, or decided as they cannot be."""
        return tuple(one for one in self.conflicts if self.chosen.get(one.code) not in one.choices)


def dropped(old: Rulebook, new: Rulebook, own: Overlay, result: Overlay) -> list[tuple[str, str]]:
    """Of ``own``, the changes that ``result`` has not: the item's title, and why its change does not fit ``new``."""
    kept = {change.code: change for change in result.changes}
    known = {rule.code for rule in new.rules}
    why = {one.code: one.text if one.code in known else "修订稿里没有这一条" for one in overlay.unfit(new, own)}
    titles = {rule.code: rule.title for rule in (*own.own, *new.rules, *old.rules)}
    return [
        (titles.get(change.code, change.code), why.get(change.code, "镇里也改了这一条，按镇里的算"))
        for change in own.changes
        if kept.get(change.code) != change
    ]


def three_way(
    old: Rulebook,
    new: Rulebook,
    own: Overlay,
    *,
    bounds: Bounds | None = None,
    chosen: Mapping[str, Choice] | None = None,
) -> ThreeWay:
    """``own`` is the village's overlay on ``old``; ``bounds`` are those of the new version."""
    decided: Mapping[str, Choice] = chosen or {}
    pairs = [(change, _conflict(change, old, new, bounds or Bounds())) for change in own.changes]
    kept = [_kept(change, conflict, old, new, decided) for change, conflict in pairs]
    result = _fitted(
        new, Overlay(changes=tuple(one for one in kept if one is not None), categories=own.categories), old
    )
    conflicts = tuple(conflict for _, conflict in pairs if conflict is not None)
    slots = _full(result, (bounds or Bounds()).slots.number, decided)
    result = _without(result, [one.code for one in slots if not _stays(one, decided)])
    conflicts += slots
    conflicts += _too_many(new, result, bounds or Bounds(), conflicts)
    result = _without(result, [one.code for one in conflicts if one.why == "bound"])
    return ThreeWay(tuple(_rows(old, new, own, result)), conflicts, result, decided)


def _conflict(change: Off | Amend | Add, old: Rulebook, new: Rulebook, bounds: Bounds) -> Conflict | None:
    was, now, known = _rule(old, change.code), _rule(new, change.code), diffs.known(old, new)
    if isinstance(change, Add):
        return _of_own(change.rule, now)
    if was is None or (now is None and isinstance(change, Off)):
        return None
    if now is None:
        text = f"“{was.title}”镇里取消了，本村改动过：可以随镇里取消，也可以作为本村自己的条目保留"
        return Conflict(change.code, was.title, "removed", text, "取消", _own_text(old, change, known))
    refused = overlay.violations(new, _single(change), bounds.model_copy(update={"amended_most": None}))
    if refused:
        town = "；".join(diffs.sentences(was, now, known)) or "没有改动"
        return Conflict(
            change.code, now.title, "bound", refused[0].text, town, _own_text(old, change, known), ("town",)
        )
    return _of_both(change, was, now, known)


def _of_own(rule: RuleSpec, now: RuleSpec | None) -> Conflict | None:
    if now is None or now == rule:
        return None
    text = f"镇里新增了编号 {rule.code} 的“{now.title}”，和本村自己的“{rule.title}”编号相同：保留本村的将改用新编号"
    return Conflict(rule.code, rule.title, "code", text, phrases_amount.whole(now), phrases_amount.whole(rule))


def _of_both(change: Off | Amend, was: RuleSpec, now: RuleSpec, known: Known) -> Conflict | None:
    names = _clashing(change, was, now) if isinstance(change, Amend) else []
    if not names:
        return None
    mine = overlay.amended(was, change.values) if isinstance(change, Amend) else was
    town = "，".join(diffs.value_text(now, name, known) or "有改动" for name in names)
    own = "，".join(diffs.value_text(mine, name, known) or "有改动" for name in names)
    text = f"“{now.title}”镇里和本村都改了：镇里现在{town}，本村现在{own}"
    return Conflict(change.code, now.title, "both", text, town, own)


def _clashing(change: Amend, was: RuleSpec, now: RuleSpec) -> list[str]:
    """Fields that both sides changed, to different values."""
    mine = overlay.amended(was, change.values)
    return [
        name
        for name in sorted(change.values)
        if getattr(was, name) != getattr(now, name) and getattr(mine, name) != getattr(now, name)
    ]


def _kept(
    change: Off | Amend | Add, conflict: Conflict | None, old: Rulebook, new: Rulebook, chosen: Mapping[str, Choice]
) -> Off | Amend | Add | None:
    """What stays of one change on the new version."""
    own = conflict is not None and "own" in conflict.choices and chosen.get(change.code) == "own"
    was, now = _rule(old, change.code), _rule(new, change.code)
    match change:
        case Add():
            return _kept_own(change, now, own)
        case Off():
            return change if now is not None and now.active and conflict is None else None
        case Amend():
            return _kept_amend(change, was, now, conflict, own)


def _kept_own(change: Add, now: RuleSpec | None, own: bool) -> Add | None:
    if now is None:
        return change
    return Add(rule=change.rule.model_copy(update={"code": _free(change.rule.code)})) if own else None


def _kept_amend(
    change: Amend, was: RuleSpec | None, now: RuleSpec | None, conflict: Conflict | None, own: bool
) -> Amend | Add | None:
    if was is None or (conflict is not None and conflict.why == "bound"):
        return None
    if now is None:
        return Add(rule=overlay.amended(was, change.values)) if own else None
    mine = overlay.amended(was, change.values)
    clashing = [] if own else _clashing(change, was, now)
    values = {
        name: value
        for name, value in change.values.items()
        if name not in clashing and getattr(mine, name) != getattr(now, name)
    }
    return Amend(code=change.code, values=values) if values else None


def _fitted(new: Rulebook, result: Overlay, old: Rulebook) -> Overlay:
    """Main classes that the town gave up stay for the own items that are in them; what is not used goes."""
    known = {one.name for one in new.categories}
    needed = {rule.category for rule in result.own} - known
    mine = [one for one in (*result.categories, *old.categories) if one.name in needed]
    unique = {one.name: one for one in reversed(mine)}
    spare = [one for one in result.categories if one.name not in known and one.name not in needed]
    fitting = [change for change in result.changes if not overlay.unfit(new, _single(change, tuple(unique.values())))]
    return Overlay(changes=tuple(fitting), categories=(*spare, *unique.values()))


def _full(result: Overlay, most: int | None, chosen: Mapping[str, Choice]) -> tuple[Conflict, ...]:
    """More own items than the new version has room for: the village says which of them stay, ``most`` at most."""
    own = result.own
    if most is None or len(own) <= most:
        return ()
    kept = [rule.code for rule in own if chosen.get(rule.code) == "own"]
    text = (
        f"镇里现在让村里最多自加{most}条，本村有{len(own)}条：请选留哪{most}条" if most else "镇里现在不让村里自加条目"
    )
    return tuple(
        Conflict(
            rule.code, rule.title, "slot", text, GONE, rule.price_text,
            ("town",) if most == 0 or rule.code in kept[most:] else ("town", "own"),
        )
        for rule in own
    )  # fmt: skip


def _stays(one: Conflict, chosen: Mapping[str, Choice]) -> bool:
    return chosen.get(one.code) == "own" and "own" in one.choices


def _too_many(new: Rulebook, result: Overlay, bounds: Bounds, known: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Own items, and changes, that the new version has no room for."""
    seen = {one.code for one in known}
    titles = {rule.code: rule.title for rule in (*new.rules, *result.own)}
    mine = {rule.code for rule in result.own}
    found = [one for one in overlay.violations(new, result, bounds) if one.code not in seen]
    unique = {one.code: one for one in found}
    return tuple(
        Conflict(
            one.code, titles.get(one.code, one.code), "bound", one.text, GONE if one.code in mine else "不允许", "保留",
            ("town",),
        )
        for one in unique.values()
    )  # fmt: skip


def _without(result: Overlay, codes: list[str]) -> Overlay:
    return result.model_copy(update={"changes": tuple(one for one in result.changes if one.code not in codes)})


def _rows(old: Rulebook, new: Rulebook, own: Overlay, result: Overlay) -> Iterable[Row]:
    """What changed of the whole book, then every item that the town changed or the village has changed."""
    yield from _book_rows(old, new, own, result)
    town = {line.code: line.text for line in diffs.diff(old, new) if line.code}
    mine = {line.code: line.text for line in diffs.diff(old, overlay.apply(old, own)) if line.code}
    applied = overlay.apply(new, result)
    after = {line.code: line.text for line in diffs.diff(old, applied) if line.code}
    off = {change.code for change in result.changes if isinstance(change, Off)}
    titles = {rule.code: rule.title for rule in (*old.rules, *own.own, *new.rules, *applied.rules)}
    for code, title in titles.items():
        if code in town or code in mine or code in after:
            told = "停用" if code in off else after.get(code, "和现在一样")
            yield Row(code, title, town.get(code, ""), mine.get(code, ""), told)


def _book_rows(old: Rulebook, new: Rulebook, own: Overlay, result: Overlay) -> Iterable[Row]:
    sides = [diffs.diff(old, book) for book in (new, overlay.apply(old, own), overlay.apply(new, result))]
    town, mine, after = ({line.text: line.category for line in side if not line.code} for side in sides)
    for text, category in (town | mine | after).items():
        told = [text if text in side else "" for side in (town, mine, after)]
        yield Row("", f"大类“{category}”" if category else "整本细则", told[0], told[1], told[2] or "和现在一样")


def _rule(book: Rulebook, code: str) -> RuleSpec | None:
    return next((rule for rule in book.rules if rule.code == code), None)


def _single(change: Off | Amend | Add, categories: tuple[Any, ...] = ()) -> Overlay:
    return Overlay(changes=(change,), categories=categories)


def _own_text(old: Rulebook, change: Off | Amend, known: Known) -> str:
    was = _rule(old, change.code)
    if isinstance(change, Off) or was is None:
        return "停用"
    return "；".join(diffs.sentences(was, overlay.amended(was, change.values), known)) or "没有改动"


def _free(code: str) -> str:
    return f"{code[: _MOST_CODE - len('-own')]}-own"
