"""A long list is read in steps as many as its rows ask for, whatever they collide with."""

import sys
from typing import Any

from scoring.rules import workbook
from tests.scoring.rules.annexes import HEAD, sheet


def steps(rows: int) -> int:
    """How many functions are called to read so many items of one main class."""
    listed = [["人居环境", "日常", f"清扫门前第{n + 1000}段", "加2分/次"] for n in range(rows)]
    body, called = sheet(HEAD, *listed, title="正面清单"), 0

    def count(_frame: Any, event: str, _told: Any) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = workbook.read(body, "清单.xlsx")
    finally:
        sys.setprofile(before)
    assert len({rule.code for rule in found.rules}) == rows
    return called


def test_twice_the_rows_are_no_more_than_twice_the_steps() -> None:
    steps(3)
    first, second, third = steps(40), steps(80), steps(120)
    assert third - second < 1.2 * (second - first)
