"""Files that are handed back: lines that could not be read with their reasons, and the sample to fill in."""

from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from jifen.kernel import spreadsheets
from scoring.rules.workbook import columns as c
from scoring.rules.workbook import exporting, technical
from scoring.rules.workbook.importing import Imported, Problem
from scoring.rules.workbook.tables import Line

_ORDER = (c.LIST, *exporting.ORDER, c.UNIT, c.WHY, c.WHERE)
_SAMPLE: tuple[tuple[str, ...], ...] = (
    ("正面", "1.1", "美丽建设", "公益行动", "", "参加村里组织的公共区域清扫", "加2分/次", "每户每月最多10分"),
    ("正面", "1.2", "美丽建设", "示范带动", "", "评上美丽庭院", "县级10分、镇级5分、村级1分", "每户每年最多1次"),
    ("正面", "1.3", "美丽建设", "公益行动", "", "捡拾村里的垃圾，按半天计", "加1分/半天", ""),
    ("正面", "2.1", "文明新风", "移风易俗", "", "红白事从简", "加5-10分", ""),
    ("负面", "3.1", "美丽建设", "公益环保", "", "在公共场所乱丢垃圾", "扣2分/次", "每户每月最多6分"),
)


def problems(imported: Imported) -> bytes:
    """The lines with problems as they were, each with its place and why, ready to be corrected and read again."""
    out, page = spreadsheets.new_book("需要改正的行")
    spreadsheets.write(page, _ORDER)
    for problem in imported.problems:
        spreadsheets.write(page, _returned(problem))
    spreadsheets.dress(page, exporting.WIDTHS)
    exporting.wrap(page)
    known = [imported.known[code] for code in _codes(imported.problems) if code in imported.known]
    if known:
        exporting.hide(out, technical.rows(imported.head, known))
    return spreadsheets.to_bytes(out)


def cells(problem: Problem) -> dict[str, str]:
    """The line of ``problem`` as it stood, with its list; empty when it is no line of one."""
    if problem.line is None:
        return {}
    side = {"positive": "正面", "negative": "负面"}.get(problem.line.sign or "")
    return {**problem.line.cells, **({c.LIST: side} if side else {})}


def problem_of(told: Mapping[str, Any]) -> Problem:
    """A problem from what was kept of it: its place, its text, why, and its ``cells``; where these stood (``row``,
    ``places``) if that was kept too."""
    place = {name: str(told.get(name) or "") for name in ("sheet", "cell", "text", "why")}
    kept, at = told.get("cells"), told.get("places")
    said = {name: str(kept[name]) for name in _ORDER[:-2] if kept.get(name)} if isinstance(kept, dict) else {}
    stood = {name: int(at[name]) for name in _ORDER[:-2] if name in at} if isinstance(at, dict) else {}
    line = Line(place["sheet"], int(told.get("row") or 0), said, stood, None)
    return Problem(**place, line=line if said else None)


def kept(problem: Problem) -> dict[str, Any]:
    """``problem`` as JSON, from which ``problem_of`` makes it again."""
    told = {name: getattr(problem, name) for name in ("sheet", "cell", "text", "why")} | {"cells": cells(problem)}
    return told | ({"row": problem.line.row, "places": problem.line.places} if problem.line else {})


def advice(problem: Problem) -> str:
    """What to do about it in a draft."""
    if problem.line is None:
        return "是条目的，照原文补一条；是标题或说明的，勾掉就行"
    if "正面清单" in problem.why and "扣分" in problem.why:
        return "用“扣分条目”补上这一条"
    if "加分还是扣分" in problem.why:
        return "是加分的用“加分条目”、是扣分的用“扣分条目”补上"
    return "照原文补一条，分值按原因里说的写"


def sample() -> bytes:
    """An empty list with the columns, some lines to show how, and notes."""
    out, page = spreadsheets.new_book("积分清单")
    spreadsheets.write(page, _ORDER[:-2])
    for line in _SAMPLE:
        spreadsheets.write(page, line)
    _text_below(page, len(_SAMPLE) + 2)
    spreadsheets.dress(page, exporting.WIDTHS)
    exporting.wrap(page)
    exporting.notes(out)
    return spreadsheets.to_bytes(out)


def _returned(problem: Problem) -> list[str]:
    where = "".join([problem.sheet, "!" if problem.sheet and problem.cell else "", problem.cell])
    if problem.line is None:
        return [*[""] * (len(_ORDER) - 2), f"{problem.why}：{problem.text}" if problem.text else problem.why, where]
    said = cells(problem)
    return [*(said.get(name, "") for name in _ORDER[:-2]), problem.why, where]


def _codes(found: Iterable[Problem]) -> list[str]:
    return [problem.line.said(c.CODE) for problem in found if problem.line]


def _text_below(page: Worksheet, first: int) -> None:
    for row in page.iter_rows(min_row=first, max_row=300, max_col=len(_ORDER) - 2):
        for cell in row:
            cell.number_format = "@"
