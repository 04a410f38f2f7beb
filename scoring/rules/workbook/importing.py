"""From a town's workbook or CSV to items, and to a list of what could not be read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from jifen.kernel import spreadsheets
from jifen.kernel.errors import InvalidInput
from jifen.kernel.spreadsheets import Page, address
from scoring.rules.problems import message
from scoring.rules.spec import Rulebook, RuleSpec, Sign
from scoring.rules.workbook import columns as c
from scoring.rules.workbook import edits, exporting, items, tables, technical
from scoring.rules.workbook.plain import plain_text
from scoring.rules.workbook.tables import Line
from scoring.rules.workbook.together import OfClass, Said, class_caps, shared_caps

MOST_ROWS = 5_000
MOST_ITEMS = 1_000
NO_LIST = "这张表里没有找到列名（要有“行为”或“事项”，和“奖惩”或“分值”），没有读"
HIDDEN_SHEET = "隐藏的表，没有读"
UNSIGNED = "没有写加分还是扣分：这张表里扣分的都写明了，按加分读，请核对"
HIDDEN_ITEM = "这一行在表里是隐藏的，照样读了，不要的请去掉"
"""Of our own workbook, where people filter lines to find those that they change."""
NO_ITEM = "这一行不是条目，没有读"


class WorkbookWithoutList(InvalidInput):
    code = "workbook_without_list"
    default_field = "file"
    message = "没有找到积分清单：表头要有“行为”（或“事项”）和“奖惩”（或“分值”）两列。可先下载样表对照。"


class WorkbookColumnsCompete(InvalidInput):
    code = "workbook_columns_compete"
    default_field = "file"
    message = "{sheet}第{row}行的列名里，{why}。"


class WorkbookTooLong(InvalidInput):
    code = "workbook_too_long"
    default_field = "file"
    message = "条目太多（最多{limit}条），请分成几个文件，或删去不是条目的行。"


class SheetNotAsked(InvalidInput):
    code = "sheet_not_asked"
    default_field = "signs"
    message = "{sheet}没有要问加分还是扣分的行，请照读出来的结果（unsigned）写表名。"


@dataclass(frozen=True, slots=True)
class Problem:
    """What was not read: ``sheet`` as named in the file (empty for CSV), ``cell`` such as D7 (empty: the whole sheet),
    its ``text``, and ``why``. ``line`` is the item's line, to be handed back; None when it is no item."""

    sheet: str
    cell: str
    text: str
    why: str
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was read with something filled in that the text leaves open: a person has to look at it."""

    sheet: str
    cell: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item was read, and the cells that say how much, as they were written, by their columns."""

    sheet: str
    cell: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """``rulebook`` is None when no item was read. ``fresh``: codes that were made up in reading, as the file has none.

    ``head`` and ``known``: what a workbook of ours said beside that. ``origins`` by code.
    """

    rulebook: Rulebook | None
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    fresh: frozenset[str] = frozenset()
    head: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, RuleSpec] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def rules(self) -> tuple[RuleSpec, ...]:
        return self.rulebook.rules if self.rulebook else ()


@dataclass(slots=True)
class _Reading:
    """A file on its way."""

    name: str
    known: Mapping[str, RuleSpec]
    rules: dict[str, RuleSpec]
    problems: list[Problem]
    doubts: list[Doubt]
    codes: items.Codes
    fresh: set[str]
    said: list[Said] = field(default_factory=list)
    of_class: list[OfClass] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    classless: set[str] = field(default_factory=set)


def read(body: bytes, name: str, signs: Mapping[str, Sign] | None = None) -> Imported:
    """Read ``body``; ``name`` is the file's, for the source of each item; ``signs``: see ``answered``.

    Raises:
        FileWrong (one of its kinds), WorkbookWithoutList, WorkbookColumnsCompete, WorkbookTooLong, SheetNotAsked.
    """
    pages = spreadsheets.pages(body, most_rows=MOST_ROWS)
    head, known = technical.find(pages)
    lines, problems = _lines(pages)
    if len(lines) > MOST_ITEMS:
        raise WorkbookTooLong(limit=MOST_ITEMS)
    at = _Reading(name, known, {}, problems, [], items.Codes(known), set())
    shared = Counter(map(_place_of_deed, lines))
    for line in lines:
        _take(at, line, shared=shared[_place_of_deed(line)] > 1)
    book = _rulebook(at, head)
    found = Imported(book, tuple(at.problems), tuple(at.doubts), frozenset(at.fresh), head, known, at.origins)
    return answered(found, signs, name) if signs else found


def is_asked(one: Problem) -> bool:
    """Whether a row lacks no more than what may be said once for its sheet."""
    return one.why == items.NO_SIGN and one.line is not None


def asked(found: Imported) -> dict[str, int]:
    """By sheet, how many rows do not say whether they give or take; a CSV's sheet has no name."""
    return dict(Counter(one.sheet for one in found.problems if is_asked(one)))


def answered(found: Imported, signs: Mapping[str, Sign], name: str) -> Imported:
    """``found`` after somebody said of whole sheets whether those rows give or take; what else is wrong with a row is
    then told. ``name`` is the file's.

    Raises:
        SheetNotAsked: there is no such row in a sheet.
    """
    for sheet in signs:
        if sheet not in asked(found):
            raise SheetNotAsked(sheet=f"“{sheet}”" if sheet else "这份表")
    rows = [one for one in found.problems if is_asked(one) and one.sheet in signs]
    rules = {rule.code: rule for rule in found.rules}
    left = [one for one in found.problems if one not in rows]
    codes = items.Codes({**found.known, **rules})
    at = _Reading(name, found.known, rules, left, [*found.doubts], codes, {*found.fresh}, origins={**found.origins})
    lines = [replace(one.line, sign=signs[one.sheet]) for one in rows if one.line]
    shared = Counter(map(_place_of_deed, lines))
    for line in lines:
        _take(at, line, shared=shared[_place_of_deed(line)] > 1)
    whole = found.rulebook.model_dump(mode="json", exclude={"rules"}) if found.rulebook else found.head
    book = _rulebook(at, whole)
    told = tuple(at.problems), tuple(at.doubts), frozenset(at.fresh)
    return Imported(book, *told, found.head, found.known, at.origins)


def _lines(pages: Iterable[Page]) -> tuple[list[Line], list[Problem]]:
    lines: list[Line] = []
    problems = []
    told: list[tables.Stray] = []
    for page in pages:
        if page.name in (technical.SHEET, exporting.NOTES):
            continue
        found, strays = tables.find(page)
        if page.hidden:
            problems += [Problem(page.name, "", "", HIDDEN_SHEET)] if found else []
            continue
        lines += found
        told += strays
        problems += [_of_stray(stray) for stray in strays]
    if not lines:
        raise _without_list(told)
    return lines, problems


def _without_list(told: Iterable[tables.Stray]) -> InvalidInput:
    """Why there is no list: two columns of one that mean the same, or no line of column names at all."""
    found = next((stray for stray in told if stray.why), None)
    if found is None:
        return WorkbookWithoutList()
    return WorkbookColumnsCompete(sheet=f"“{found.sheet}”" if found.sheet else "", row=found.row + 1, why=found.why)


def _of_stray(stray: tables.Stray) -> Problem:
    if stray.column is None:
        return Problem(stray.sheet, "", "", stray.why or NO_LIST)
    return Problem(stray.sheet, address(stray.row, stray.column), stray.text, NO_ITEM)


def _place_of_deed(line: Line) -> tuple[str, str, str]:
    return line.sheet, line.said(c.LIST), items.plain_deed(line)


def _take(at: _Reading, line: Line, *, shared: bool) -> None:
    """The items of one line, or why there are none. ``shared``: other lines are about the same deed."""
    base = at.known.get(line.said(c.CODE))
    try:
        if line.why and not (base and line.why == tables.HIDDEN_ROW):
            raise items.CellUnread(c.PRICE, line.why)
        found = [edits.edited(base, line)] if base else items.drafts(line, shared=shared)
        for draft in found:
            rule = _rule(at, draft, line, base)
            at.rules[rule.code] = rule
            at.origins[rule.code] = _origin(line)
            at.fresh |= {rule.code} - {line.said(c.CODE)}
            at.said += [Said(line, rule, one) for one in draft.together]
            at.of_class += [OfClass(line, rule, one) for one in draft.of_class]
            doubts = (
                *draft.doubts,
                *_without_class(at, line),
                *((UNSIGNED,) if line.unsigned else ()),
                *((HIDDEN_ITEM,) if line.why else ()),
            )
            at.doubts += [Doubt(line.sheet, _cell(line, c.PRICE), rule.code, doubt) for doubt in doubts]
    except items.CellUnread as unread:
        at.problems.append(Problem(line.sheet, _cell(line, unread.column), line.said(unread.column), str(unread), line))


def _without_class(at: _Reading, line: Line) -> tuple[str, ...]:
    """That a list has no column for the main class: at its first item, and at each item in none over which other words
    stand that may be one."""
    if c.CLASS in line.places:
        return ()
    is_in_none = line.said(c.CLASS) == tables.NO_CLASS
    if is_in_none and line.unknown:
        return (f"{line.unknown}没有当作大类，这一条放在“{tables.NO_CLASS}”里，请核对（可以在修订稿里改）",)
    if line.sheet in at.classless:
        return ()
    at.classless.add(line.sheet)
    instead = f"条目都放在大类“{tables.NO_CLASS}”里" if is_in_none else "按“事项”一列分大类"
    return (f"这张表没有“大类”一列，{instead}，请核对（可以在修订稿里改）",)


def _origin(line: Line) -> Origin:
    told = ((name, line.said(name)) for name in (c.PRICE, c.UNIT, c.CAP, c.DEED, c.NOTE))
    return Origin(line.sheet, _cell(line, c.PRICE), tuple((name, text) for name, text in told if text))


def _rule(at: _Reading, draft: items.Draft, line: Line, base: RuleSpec | None) -> RuleSpec:
    code = base.code if base else at.codes.fresh(draft, line.said(c.CODE))
    if code in at.rules:
        raise items.CellUnread(c.CODE, f"代码 {code} 在前面已经有了")
    section = " ".join(part for part in (at.name[-80:], line.sheet, f"第{line.row + 1}行") if part)
    try:
        return RuleSpec.model_validate({"source": {"section": section}, **draft.values, "code": code})
    except ValidationError as error:
        column = items.column_of_field(error.errors()[0]["loc"])
        raise items.CellUnread(column, message(error)) from error


def _cell(line: Line, column: str) -> str:
    place = line.places.get(column, min(line.places.values()))
    return address(line.row, place)


def _rulebook(at: _Reading, head: Mapping[str, Any]) -> Rulebook | None:
    """The items in order, with what the technical sheet says of the whole book."""
    if not at.rules:
        return None
    capped = _caps_of_classes(at)
    limits = _caps_together(at)
    if not at.rules:
        return None
    rules = _ordered(at)
    if limits:
        told = dict(head.get("settings") or {})
        head = {**head, "settings": {**told, "limits": [*(told.get("limits") or ()), *limits]}}
    for rest in (head, {}):
        named = [one["name"] for one in rest.get("categories", ()) if isinstance(one, dict) and "name" in one]
        fresh = [name for name in dict.fromkeys(rule.category for rule in rules) if name not in named]
        categories = [*rest.get("categories", ()), *({"name": name} for name in fresh)]
        categories = [_capped(one, capped) for one in categories]
        try:
            return Rulebook.model_validate({**rest, "categories": categories, "rules": rules})
        except ValidationError as error:
            why = message(error)
    at.problems.append(Problem("", "", "", f"各条目放在一起不成一本细则：{why}"))
    return None


def _caps_of_classes(at: _Reading) -> dict[str, list[dict[str, Any]]]:
    """The caps of main classes. A line that says another one than an earlier line is no item."""
    found, unread = class_caps(at.of_class)
    for said, why in unread:
        _give_back(at, said.line, said.rule, said.cap.text, why)
    at.said = [said for said in at.said if said.rule.code in at.rules]
    return found


def _capped(category: Any, limits: Mapping[str, list[dict[str, Any]]]) -> Any:
    """The main class with the caps that the list says, beside those that the technical sheet has."""
    if not isinstance(category, dict) or category.get("name") not in limits:
        return category
    kept = list(category.get("limits") or ())
    return {**category, "limits": [*kept, *(one for one in limits[category["name"]] if one not in kept)]}


def _give_back(at: _Reading, line: Line, rule: RuleSpec, text: str, why: str) -> None:
    """What a cap says is not understood: its line is no item."""
    if at.rules.pop(rule.code, None) is None:
        return
    column = c.CAP if text in plain_text(line.said(c.CAP)).replace(" ", "") else c.PRICE
    at.problems.append(Problem(line.sheet, _cell(line, column), line.said(column), why, line))


def _caps_together(at: _Reading) -> list[dict[str, Any]]:
    """The caps that several items share. A line that says one of which the items cannot be told is no item; what others
    say of that one is looked at again."""
    found, unread = shared_caps(at.said, at.rules.values())
    for said, why in unread:
        at.said.remove(said)
        _give_back(at, said.line, said.rule, said.cap.text, why)
    at.said = [said for said in at.said if said.rule.code in at.rules]
    return _caps_together(at) if unread else found


def _ordered(at: _Reading) -> tuple[RuleSpec, ...]:
    """As the sheets have them; when nothing known was moved within its list, the two lists are joined as they were."""
    rules = list(at.rules.values())
    order = {code: place for place, code in enumerate(at.known)}
    places: dict[str, list[int]] = {}
    for rule in rules:
        if rule.code in order:
            places.setdefault(rule.sign, []).append(order[rule.code])
    if any(known != sorted(known) for known in places.values()):
        return tuple(rules)
    return tuple(_joined(rules, order))


def _joined(rules: list[RuleSpec], order: Mapping[str, int]) -> list[RuleSpec]:
    """Each new item stays behind the known one that it stands behind."""
    ranks: list[tuple[int, int]] = []
    last: dict[str, int] = Counter()
    for place, rule in enumerate(rules):
        last[rule.sign] = order.get(rule.code, last[rule.sign] if rule.sign in last else len(order))
        ranks.append((last[rule.sign], place))
    return [rule for _, rule in sorted(zip(ranks, rules, strict=True), key=lambda pair: pair[0])]


def without(imported: Imported, codes: Iterable[str]) -> Imported:
    """``imported`` less the items of ``codes`` that somebody left out after looking."""
    left = set(codes)
    rules = tuple(rule for rule in imported.rules if rule.code not in left)
    book = imported.rulebook.model_copy(update={"rules": rules}) if imported.rulebook and rules else None
    return replace(imported, rulebook=book, doubts=tuple(one for one in imported.doubts if one.code not in left))
