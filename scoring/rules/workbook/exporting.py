"""A rulebook as a workbook: one sheet for each list as towns print them, and a hidden one for all the rest."""

from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from jifen.kernel import spreadsheets
from scoring.rules.base import plain
from scoring.rules.spec import (
    Fixed,
    PerMonth,
    PerUnit,
    Range,
    Rulebook,
    RuleSpec,
    Tiers,
)
from scoring.rules.workbook import columns as c
from scoring.rules.workbook import items, technical

NOTES = "填写说明"
ELSEWHERE = "（见系统）"
LISTS = {"positive": "正面清单", "negative": "负面清单"}
WIDTHS = {
    c.CLASS: 12, c.MATTER: 16, c.TITLE: 22, c.DEED: 60, c.PRICE: 26, c.CAP: 24, c.PROOF: 10, c.TELLERS: 24, c.NOTE: 30,
    c.NUMBER: 8, c.CODE: 10, c.WHY: 44, c.WHERE: 18,
}  # fmt: skip
ORDER = (c.NUMBER, c.CLASS, c.MATTER, c.TITLE, c.DEED, c.PRICE, c.CAP, c.PROOF, c.TELLERS, c.NOTE, c.CODE)
_NOTES = (
    "一行一个条目。要改分值，直接改“奖惩”一格，例如：加2分/次、扣4分、加1分/半天、县级10分、镇级5分、村级1分、加5-10分。",
    "上限写成：每户每月最多10分、每人每年最多2次；有几个就用顿号隔开，没有就空着。",
    "新条目写在下面，“代码”空着；不要的条目整行删去。",
    "正面清单只写加分，负面清单只写扣分。看不懂的格子导入时会一一列出，不会猜。",
    "“奖惩”写着“见系统”的条目，计分办法表格里写不下：不改这一格就照旧。",
)


def write(book: Rulebook) -> bytes:
    """The workbook of ``book``; reading it back gives the same book."""
    out, page = spreadsheets.new_book(LISTS["positive"])
    for sign, title in LISTS.items():
        page = page if sign == "positive" else out.create_sheet(title)
        _list(page, [rule for rule in book.rules if rule.sign == sign])
    notes(out)
    hide(out, technical.rows(technical.head_of(book), book.rules))
    return spreadsheets.to_bytes(out)


def cells(rule: RuleSpec) -> dict[str, str]:
    """What each column shows of an item."""
    return {
        c.NUMBER: rule.number or "",
        c.CLASS: rule.category,
        c.MATTER: rule.matter,
        c.TITLE: rule.title,
        c.DEED: rule.text,
        c.PRICE: price(rule),
        c.CAP: "、".join(limit.text for limit in rule.limits),
        c.PROOF: items.PROOF_WORDS[rule.evidence],
        c.TELLERS: "、".join(items.TELLER_WORDS[one] for one in rule.declarers),
        c.NOTE: rule.note or "",
    }


def kept(text: str) -> str:
    """``text`` as it comes back out of a cell."""
    same = spreadsheets.printable(text).replace("\r\n", "\n").replace("\r", "\n")
    return same.strip().lstrip("'").strip()


def price(rule: RuleSpec) -> str:
    """The price as the reading of lists understands it; marked ``ELSEWHERE`` where a list cannot say it."""
    word = "加" if rule.sign == "positive" else "扣"
    match rule.amount:
        case Fixed(points=points) if not points:
            return f"{rule.price_text}{ELSEWHERE}"
        case Fixed(points=points, per=per):
            once = "一次性" if rule.once else ""
            return f"{once}{word}{plain(points)}分{f'/{per}' if per else ''}"
        case Tiers() if rule.takes:
            return f"{rule.price_text}{ELSEWHERE}"
        case Tiers(tiers=tiers, per=per):
            return "、".join(f"{tier.name}{word}{tier.text}分{f'/{per}' if per else ''}" for tier in tiers)
        case Range(least=least, most=most):
            return f"{word}{plain(least)}-{plain(most)}分"
        case PerUnit(points=points, unit=unit, each=each):
            return f"{word}{plain(points)}分/{plain(each) if each != 1 else ''}{unit}"
        case PerMonth(points=points):
            return f"{word}{plain(points)}分/月"
        case _:
            return f"{rule.price_text}{ELSEWHERE}"


def _list(page: Worksheet, rules: Iterable[RuleSpec]) -> None:
    spreadsheets.write(page, ORDER)
    for rule in rules:
        shown = cells(rule) | {c.CODE: rule.code}
        spreadsheets.write(page, [shown[name] for name in ORDER])
    spreadsheets.dress(page, WIDTHS)
    wrap(page)


def wrap(page: Worksheet) -> None:
    """Long cells in lines, and a print that is one page wide."""
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight = "landscape", 9, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"


def hide(out: Workbook, rows: Iterable[list[str]]) -> None:
    """Put the technical sheet's ``rows`` where people do not see them."""
    page = out.create_sheet(technical.SHEET)
    for row in rows:
        spreadsheets.write(page, row)
    page.sheet_state = "hidden"


def notes(out: Workbook) -> None:
    """A sheet that says how to fill in the list."""
    page = out.create_sheet(NOTES)
    for note in _NOTES:
        spreadsheets.write(page, [note])
    page.column_dimensions["A"].width = 110
