"""The town's monthly summary on paper and as a table."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from jifen.kernel import clock
from jifen.kernel.points import plain
from jifen.kernel.tenancy import require_town, town_named
from jifen.web import pdf as paper
from jifen.web.wording import date_cn, month_cn
from scoring.selectors.months import MonthCell, due_day, total

HEAD = (
    "村居", "状态", "报送时间", "是否逾期", "退回次数", "件数", "加分", "扣分", "调整", "不通过", "回避人次",
    "说明期内扣分",
)  # fmt: skip


def pdf(*, month: date, cells: Sequence[MonthCell]) -> bytes:
    """One A4 sheet or more, for the town's files."""
    rows = [dict(zip(("village", *KEYS), line(cell), strict=True)) for cell in cells]
    data = {
        "town": town_named(require_town()).name,
        "month": f"{month.year}年{month.month}月",
        "due": due_day(month),
        "rows": rows,
    }
    return paper.compile("scoring/month.typ", data | {"printed_on": clock.today(), "total": _total(cells)})


def name(month: date, form: str = "pdf") -> str:
    """The file's name."""
    return f"{month_cn(month)}积分汇总.{form}"


def table(cells: Sequence[MonthCell]) -> bytes:
    """CSV with a byte order mark, so that office programs read the Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows(line(cell) for cell in cells)
    return out.getvalue().encode("utf-8-sig")


KEYS = (
    "state", "sent", "late", "returns", "deeds", "plus", "minus", "adjusted", "rejected", "recusals", "hearings",
)  # fmt: skip


def line(cell: MonthCell) -> tuple[str, ...]:
    """One village as people read it."""
    counts = (cell.returns, cell.deeds, plain(cell.plus), plain(cell.minus), cell.adjusted, cell.rejected)
    sent = date_cn(cell.sent_at) if cell.sent_at else ""
    return (cell.village, cell.label, sent, "逾期" if cell.late else "", *map(str, counts), str(cell.recusals),
            str(cell.hearings))  # fmt: skip


def _total(cells: Sequence[MonthCell]) -> dict[str, Any]:
    return asdict(total(list(cells)))
