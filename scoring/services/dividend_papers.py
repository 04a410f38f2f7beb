"""分红发放表: the list that households sign, on paper and as a workbook."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from jifen.kernel import clock
from jifen.kernel.errors import NotFound
from jifen.kernel.points import plain
from jifen.kernel.spreadsheets import XLSX, dress, new_book, to_bytes, write
from jifen.kernel.tenancy import require_town, town_named
from jifen.web import pdf
from scoring.models import Dividend, DividendLine
from scoring.rules.pools import GOES
from scoring.selectors import dividends as selectors
from scoring.services.rulebook_papers import Paper

HEAD = ("村居", "户号", "户主", "积分", "分得（元）", "签收")
WIDTHS = {"村居": 16, "户主": 14, "签收": 18}
STATES = {"open": "待发放", "paid": "已发放", "void": "已作废"}


def paper(run: Dividend, kind: str) -> Paper:
    """The run as ``pdf`` or ``xlsx``; NotFound for anything else."""
    if kind not in _MAKERS:
        raise NotFound
    make, content_type = _MAKERS[kind]
    place = run.village.name if run.village else "全镇"
    return Paper(make(run), content_type, f"{place}{run.term}{run.name}发放表.{kind}")


def printed(run: Dividend) -> bytes:
    return pdf.compile("scoring/dividend.typ", printed_told(run))


def printed_told(run: Dividend) -> dict[str, Any]:
    """What stands on the paper."""
    town = town_named(require_town()).name
    return {
        "place": f"{town}{run.village.name}" if run.village else town,
        "name": run.name,
        "term": run.term,
        "told": run.told,
        "amount": yuan(run.amount_fen),
        "carried": yuan(run.carried_fen) if run.carried_fen else "",
        "residue": yuan(run.residue_fen),
        "goes": GOES[run.terms["residue"]],
        "households": str(run.households),
        "points": plain(run.points),
        "shared": yuan(run.total_fen - run.residue_fen),
        "state": STATES[run.state],
        "reason": run.void_reason,
        "printed_on": clock.today(),
        "lines": [list(line(row)) for row in selectors.lines(run)],
        "with_village": run.village is None,
    }


def yuan(fen: int) -> str:
    """``4005`` fen is ``40.05``."""
    return f"{Decimal(fen) / 100:.2f}"


def line(row: DividendLine) -> tuple[str, str, str, str, str]:
    """One household as people read it."""
    home = row.household
    return home.village.name, home.number, home.head.name if home.head else "", plain(row.points), yuan(row.fen)


def _rows(run: Dividend) -> Iterator[tuple[str, ...]]:
    yield HEAD
    for row in selectors.lines(run):
        yield (*line(row), "")
    yield ("合计", f"{run.households}户", "", plain(run.points), yuan(run.total_fen - run.residue_fen), "")
    yield (f"余额{yuan(run.residue_fen)}元{GOES[run.terms['residue']]}", "", "", "", "", "")
    yield (run.told, "", "", "", "", "")


def _table(run: Dividend) -> bytes:
    book, page = new_book("分红发放表")
    for row in _rows(run):
        write(page, row)
    dress(page, WIDTHS)
    return to_bytes(book)


_MAKERS: dict[str, tuple[Callable[[Dividend], bytes], str]] = {
    "pdf": (printed, "application/pdf"),
    "xlsx": (_table, XLSX),
}
