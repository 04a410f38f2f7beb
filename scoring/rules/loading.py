"""A rulebook from whatever holds one: a YAML file, a workbook or CSV, or a template that comes with the platform."""

from dataclasses import dataclass

from jifen.kernel import spreadsheets
from scoring.rules import library, workbook
from scoring.rules.policy import Policy
from scoring.rules.spec import Rulebook, RuleSpec
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


def load(body: bytes, name: str) -> Loaded:
    """The rulebook in ``body``; ``name`` is the file's and tells what it means to be.

    Raises:
        SchemeInvalid: with every problem's path and line. FileWrong, WorkbookWithoutList, WorkbookTooLong, NothingRead.
    """
    if spreadsheets.is_workbook(body) or name.lower().endswith(TABLES):
        return _table(body, name)
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


def _table(body: bytes, name: str) -> Loaded:
    found = workbook.read(body, name)
    if found.rulebook is None:
        told = [(one.sheet, one.cell, one.why) for one in found.problems]
        raise NothingRead(first=told[0][2] if told else "", problems=told)
    return Loaded(name, found.rulebook, None, found.problems, found.doubts)


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
