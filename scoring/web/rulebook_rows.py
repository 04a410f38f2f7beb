"""Blanks of a form as it was sent: single ones, and rows whose columns come as parallel lists."""

from typing import Any

from django.http import QueryDict

Body = dict[str, Any]


def rows(sent: QueryDict, name: str, columns: tuple[str, ...], needs: str = "") -> list[dict[str, str]]:
    """Rows whose columns were sent as parallel lists; a column that was not sent is empty.

    Rows that are empty but for their marks are left out.
    """
    lists = [sent.getlist(f"{name}-{column}") for column in columns]
    longest = max(map(len, lists))
    lists = [told or [""] * longest for told in lists]
    found = []
    for cells in zip(*lists, strict=False):
        row = {column: str(cell).strip() for column, cell in zip(columns, cells, strict=True) if str(cell).strip()}
        if row.get(needs) if needs else set(row) - {"code"}:
            found.append(row)
    return found


def coded(found: list[dict[str, str]], prefix: str = "row") -> list[dict[str, str]]:
    """A new row gets a code of its own."""
    used = {row["code"] for row in found if "code" in row}
    free = iter([f"{prefix}-{n}" for n in range(1, len(found) + len(used) + 2) if f"{prefix}-{n}" not in used])
    return [row if "code" in row else {"code": next(free)} | row for row in found]


def words(sent: QueryDict, names: tuple[str, ...]) -> Body:
    return {name: text(sent, name) for name in names if text(sent, name)}


def text(sent: QueryDict, name: str) -> str:
    return str(sent.get(name) or "").strip()


def number(told: str | None) -> int | str | None:
    """A whole number as such; other words stay, so that they can be refused in words; None for an empty blank."""
    said = (told or "").strip()
    return int(said) if said.isdecimal() and said.isascii() and len(said) <= 6 else said or None
