"""Rows of cells to checked lines, and what is wrong with the others. Knows no database."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jifen.kernel.spreadsheets import Cell
from tenants.community.roster import values
from tenants.community.roster.reading import Sheet

HEAD = "户主"
_HEADS = {"户主", "本人", "本人或户主", "户主本人"}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Excel's ``row`` number; ``value`` is shown to the one who imports, never stored."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person as the roster states her."""

    row: int
    village: str
    group: int
    number: str
    name: str
    relation: str
    id_number: str
    phone: str
    address: str
    has_local_hukou: bool
    has_homestead: bool
    is_lived_in: bool
    stars: int
    is_party_member: bool
    since: date | None

    @property
    def is_head(self) -> bool:
        return self.relation == HEAD


@dataclass(slots=True)
class Checked:
    """Lines by household number, in the file's order, and the problems of the rows left out."""

    households: dict[str, list[Line]] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    def refuse(self, lines: Iterable[Line], column: str, value: str, message: str) -> None:
        self.problems += [RowProblem(line.row, column, value, message) for line in lines]


class _Reader:
    """Reads the cells of one row and notes what is wrong with them."""

    def __init__(self, row: int, cells: Mapping[str, Cell], problems: list[RowProblem]) -> None:
        self.row, self.cells, self.problems = row, cells, problems

    def get(self, column: str, read: Callable[..., Any], *, required: bool = False, **options: Any) -> Any:
        cell = self.cells.get(column, "")
        try:
            if required and cell == "":
                raise ValueError("不能空着")
            return read(cell, **options)
        except ValueError as problem:
            self.problems.append(RowProblem(self.row, column, str(cell), str(problem)))
            return None


def check(sheet: Sheet, *, villages: Mapping[str, str], only: str | None, today: date) -> Checked:
    """``villages``: the town's villages by name and by code, to their names; ``only``: the one the file is for."""
    checked = Checked()
    lines = [line for row, cells, _ in sheet.rows if (line := _line(row, cells, villages, only, today, checked))]
    for number, family in _families(lines, checked).items():
        _household(number, family, checked)
    return checked


def _line(
    row: int, cells: Mapping[str, Cell], villages: Mapping[str, str], only: str | None, today: date, checked: Checked
) -> Line | None:
    before = len(checked.problems)
    reader = _Reader(row, cells, checked.problems)
    relation = reader.get("与户主关系", values.text, required=True, most=20)
    line = Line(
        row=row,
        village=_village(reader, villages, only),
        group=reader.get("组", values.number, required=True, least=1, most=999),
        number=reader.get("户号", values.household_number, required=True),
        name=reader.get("姓名", values.text, required=True, most=40),
        relation=HEAD if relation in _HEADS else relation,
        id_number=reader.get("身份证号", values.id_number),
        phone=reader.get("手机号", values.phone),
        address=reader.get("居住地址", values.text),
        has_local_hukou=reader.get("户籍在本村", values.yes, blank=True),
        has_homestead=reader.get("有宅基地", values.yes, blank=True),
        is_lived_in=reader.get("有人常住", values.yes, blank=True),
        stars=reader.get("星级", values.number, least=0, most=10),
        is_party_member=reader.get("党员", values.yes, blank=False),
        since=reader.get("居住起始", values.day, latest=today),
    )
    _check_head_name(reader, line)
    return line if len(checked.problems) == before else None


def _village(reader: _Reader, villages: Mapping[str, str], only: str | None) -> str:
    """The village's name as the town writes it."""

    def read(cell: Cell) -> str:
        name = villages.get(values.text(cell)) if cell != "" or only is None else only
        if name is None:
            raise ValueError("本镇没有这个村（居），请核对村名")
        if only is not None and name != only:
            raise ValueError(f"这份名册是{only}的，这一行写的是别的村")
        return name

    found: str = reader.get("村", read, required=only is None)
    return found


def _check_head_name(reader: _Reader, line: Line) -> None:
    stated = str(reader.cells.get("户主姓名", "")).strip()
    if stated and line.is_head and line.name and stated != line.name:
        reader.problems.append(RowProblem(line.row, "户主姓名", stated, f"与户主这一行的姓名“{line.name}”不一致"))


def _families(lines: list[Line], checked: Checked) -> dict[str, list[Line]]:
    """Lines by household number; an ID number that stood in the file before is refused."""
    seen: dict[str, int] = {}
    families: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        first = seen.setdefault(line.id_number, line.row) if line.id_number else line.row
        if first != line.row:
            checked.refuse([line], "身份证号", line.id_number, f"与第{first}行的身份证号重复")
        else:
            families[line.number].append(line)
    return families


def _household(number: str, family: list[Line], checked: Checked) -> None:
    """Keep the lines that agree with the household's first; one head at most."""
    first = family[0]
    same = [line for line in family if (line.village, line.group) == (first.village, first.group)]
    checked.refuse(
        [line for line in family if line not in same], "户号", number, f"同一户号在第{first.row}行写的是别的村组"
    )
    heads = [line for line in same if line.is_head]
    checked.refuse(heads[1:], "与户主关系", HEAD, f"{number}户已有户主（第{heads[0].row}行）" if heads else "")
    checked.households[number] = [line for line in same if line not in heads[1:]]
