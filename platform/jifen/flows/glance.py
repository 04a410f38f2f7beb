"""Every town's year at a glance: for each step its last days, and how far it is. Two queries, however many towns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

from jifen.clocks import lateness
from jifen.clocks.models import Deadline, Late
from jifen.flows.behind import WATCHED, WORDS, words
from jifen.kernel import clock

State = Literal["done", "late", "over", "open"]
"""Nobody is behind; villages are late; its day is over and the grace is not, or nobody has looked yet; to come."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A step in one period; ``villages``: how many are late, ``span``: months that the period takes in a row."""

    name: str
    period: str
    due: date
    state: State
    villages: int
    is_escalated: bool
    first_month: int
    span: int


@dataclass(frozen=True, slots=True)
class Line:
    """A step of one town. ``cells`` fill twelve months; a gap is a number of months in which nothing is asked."""

    step: str
    name: str
    cells: list[Cell | int]


@dataclass(frozen=True, slots=True)
class TownYear:
    town: Any
    lines: list[Line]
    late: int


def glance(towns: Iterable[Any], year: int) -> list[TownYear]:
    """The towns (rows with ``schema_name``), those that are late first, then in the order given."""
    asked = list(towns)
    schemas = [town.schema_name for town in asked]
    behind = {(row.town, row.clock, row.period): row for row in lateness.late_in(schemas)}
    days = sorted(lateness.deadlines_in(schemas, year), key=lambda row: row.town)
    rows = {schema: list(found) for schema, found in groupby(days, lambda row: row.town)}
    found = [_town(town, rows.get(town.schema_name, []), behind) for town in asked]
    return sorted(found, key=lambda one: -one.late)


def _town(town: Any, days: list[Deadline], behind: dict[tuple[str, str, str], Late]) -> TownYear:
    cells = [(row.clock, _cell(row, behind.get((row.town, row.clock, row.period)))) for row in days]
    lines = [
        Line(step, WORDS[step], _filled([cell for name, cell in cells if name == step]))
        for step in WATCHED
        if any(name == step for name, _ in cells)
    ]
    return TownYear(town, lines, sum(cell.state == "late" for _, cell in cells))


def _cell(row: Deadline, late: Late | None) -> Cell:
    month, span = _months(row.period)
    villages, is_escalated = (late.villages, late.is_escalated) if late else (0, False)
    name = words(row.clock, row.period)
    return Cell(name, row.period, row.due_on, _state(row, late), villages, is_escalated, month, span)


def _state(row: Deadline, late: Late | None) -> State:
    if late is not None:
        return "late"
    if row.done_on is not None:
        return "done"
    return "over" if row.due_on < clock.today() else "open"


def _months(period: str) -> tuple[int, int]:
    """The first month of ``2026-03``, ``2026Q1`` or ``2026``, and how many it has."""
    if "Q" in period:
        return int(period[-1]) * 3 - 2, 3
    return (int(period[-2:]), 1) if "-" in period else (1, 12)


def _filled(cells: list[Cell]) -> list[Cell | int]:
    filled, month = list[Cell | int](), 1
    for cell in sorted(cells, key=lambda one: one.first_month):
        if cell.first_month > month:
            filled.append(cell.first_month - month)
        filled.append(cell)
        month = cell.first_month + cell.span
    return [*filled, 13 - month] if month <= 12 else filled
