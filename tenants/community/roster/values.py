"""What people write into a cell, and what it means. Each reader raises ``ValueError`` with a Chinese reason."""

import re
from datetime import date

from jifen.kernel.identity import id_number_problem, phone_problem
from jifen.kernel.spreadsheets import Cell
from tenants.community.codes import is_number
from tenants.community.errors import HouseholdNumberWrong

_YES = {"是", "有", "在", "√", "1", "y", "yes", "对", "中共党员", "党员", "预备党员", "中共预备党员"}
_NO = {"否", "无", "不", "不在", "没有", "×", "x", "0", "n", "no", "群众", "共青团员", "团员"}
_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")}
_FORMAT = "请把这一列设为文本格式后重新填写"


def text(cell: Cell, *, most: int = 120) -> str:
    """As written; a number without its ``.0``."""
    plain = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if len(plain) > most:
        raise ValueError(f"最多{most}个字")
    return plain


def household_number(cell: Cell) -> str:
    plain = text(cell)
    if not is_number(plain):
        raise ValueError(HouseholdNumberWrong.message)
    return plain


def id_number(cell: Cell) -> str:
    """Eighteen characters; a spreadsheet keeps only fifteen digits of a number, so a numeric cell has lost some."""
    if isinstance(cell, float):
        raise ValueError(f"单元格是数字格式，身份证号末几位已丢失：{_FORMAT}")
    plain = re.sub(r"\s", "", str(cell)).upper()
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", plain):
        raise ValueError(f"身份证号成了科学计数法，末几位已丢失：{_FORMAT}")
    problem = id_number_problem(plain) if plain else None
    if problem:
        raise ValueError(problem)
    return plain


def phone(cell: Cell) -> str:
    plain = re.sub(r"[\s-]", "", text(cell))
    problem = phone_problem(plain) if plain else None
    if problem:
        raise ValueError(problem)
    return plain


def yes(cell: Cell, *, blank: bool) -> bool:
    plain = text(cell).lower()
    if not plain:
        return blank
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise ValueError("请填“是”或“否”")


def number(cell: Cell, *, least: int, most: int) -> int:
    """``3``, ``3组``, ``第三组``, ``五星级``; empty is ``least``."""
    plain = re.sub(r"[第组星级户号\s]", "", text(cell))
    if not plain:
        return least
    found = int(plain) if plain.isascii() and plain.isdigit() else _chinese(plain)
    if found is None or not least <= found <= most:
        raise ValueError(f"请填{least}到{most}之间的整数")
    return found


def day(cell: Cell, *, latest: date) -> date | None:
    """A date cell, or ``2015-03-01``, ``2015/3``, ``2015年3月1日``; without a day it is the month's first."""
    if isinstance(cell, date):
        found = cell
    else:
        plain = text(cell)
        if not plain:
            return None
        parts = [int(part) for part in re.findall(r"\d+", plain)]
        if not 1 <= len(parts) <= 3 or not 1900 <= parts[0] <= 2999:
            raise ValueError("请填日期，例如 2015-03-01")
        try:
            found = date(*[*parts, 1, 1][:3])
        except (ValueError, OverflowError):
            raise ValueError("没有这一天，请填日期，例如 2015-03-01") from None
    if found > latest:
        raise ValueError("日期不能晚于今天")
    return found


def _chinese(plain: str) -> int | None:
    """Up to 九十九."""
    tens, is_tens, ones = plain.rpartition("十")
    if not set(tens + ones) <= set(_DIGITS) or len(tens) > 1 or len(ones) > 1 or not plain:
        return None
    return (10 * (_DIGITS[tens] if tens else 1) if is_tens else 0) + (_DIGITS[ones] if ones else 0)
