"""A rulebook from whatever holds one: a YAML file, a workbook or CSV, or a template that comes with the platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jifen.kernel import spreadsheets
from scoring.rules import library, workbook
from scoring.rules.policy import Policy
from scoring.rules.spec import Rulebook, RuleSpec, Sign
from scoring.rules.workbook import Doubt, Problem, columns

TABLES = (".xlsx", ".xlsm", ".xls", ".csv")


class NothingRead(workbook.WorkbookWithoutList):
    """No line of the lists in a workbook could be read; ``data["problems"]`` lists (sheet, cell, why)."""

    code = "workbook_nothing_read"
    message = "清单里没有一行能读出来：{first}。"


@dataclass(frozen=True, slots=True)
class Loaded:
    """``policy`` of a whole scheme; ``problems`` and ``doubts`` of a workbook."""

    title: str
    book: Rulebook
    policy: Policy | None = None
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    unsigned: Mapping[str, int] = field(default_factory=dict)
    """By sheet of a workbook, how many rows do not say whether they give or take."""


def load(body: bytes, name: str, signs: Mapping[str, Sign] | None = None) -> Loaded:
    """The rulebook in ``body``; ``name`` is the file's and tells what it means to be.

    ``signs``: of a workbook's sheets, whether the rows give or take that do not say it.

    Raises:
        SchemeInvalid: with every problem's path and line. FileWrong, WorkbookWithoutList, WorkbookTooLong, NothingRead,
        SheetNotAsked.
    """
    if spreadsheets.is_workbook(body) or name.lower().endswith(TABLES):
        return _table(body, name, signs)
    try:
        source = body.decode("utf-8-sig")
    except UnicodeDecodeError as foreign:
        raise spreadsheets.FileUnreadable("这个文件不是 UTF-8 文字，也不是工作簿，请另存后再试。") from foreign
    if not library.is_scheme(source):
        return Loaded(name, library.parse_rulebook(source))
    scheme = library.parse(source)
    return Loaded(scheme.title, scheme.rulebook, scheme.policy)


def template(code: str) -> Loaded:
    """The template ``code``; SchemeUnknown when there is none."""
    scheme = library.load(code)
    return Loaded(scheme.title, scheme.rulebook, scheme.policy)


def _table(body: bytes, name: str, signs: Mapping[str, Sign] | None) -> Loaded:
    found = workbook.read(body, name, signs)
    unsigned = workbook.asked(found)
    if found.rulebook is None:
        told = [(one.sheet, one.cell, one.why) for one in found.problems]
        raise NothingRead(first=told[0][2] if told else "", problems=told, unsigned=unsigned)
    return Loaded(name, found.rulebook, None, found.problems, found.doubts, unsigned)


def unread_line(loaded: Loaded, rule: RuleSpec) -> Problem | None:
    """Where the item stands in a workbook in which its line could not be read; None where it does not stand there."""
    own = {rule.title, rule.text}
    for one in loaded.problems:
        if one.line is None:
            continue
        code = one.line.said(columns.CODE)
        told = {one.line.said(columns.TITLE), one.line.said(columns.DEED)} - {""}
        if code == rule.code or (not code and told & own):
            return one
    return None
