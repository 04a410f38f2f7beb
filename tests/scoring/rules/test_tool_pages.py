"""docs/rules/tools: what the pages promise about files and checks is what the code does."""

import re
from pathlib import Path

import pytest

from scoring.rules import findings
from scoring.rules.workbook import amounts
from scoring.rules.workbook import columns as c
from scoring.rules.workbook.plain import plain_text

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "docs" / "rules" / "tools"
CODE = Path(findings.__file__).parent


def table_of(page: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    text = (PAGES / page).read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def prices() -> list[str]:
    told = [
        re.split("[、；]", row[0]) if "级" not in row[0] else row[0].split("；")
        for row in table_of("excel.md", "奖惩怎么写")
    ]
    return [re.sub(r"（.*?）$", "", price) for row in told for price in row]


def test_every_check_has_its_line_and_every_line_its_check() -> None:
    made = set[str]()
    for path in CODE.glob("*.py"):
        made |= set(re.findall(r'Finding\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    listed = set(re.findall(r"`(\w+)`", "".join(row[0] for row in _checks())))
    assert made == listed


def _checks() -> list[list[str]]:
    text = (PAGES / "findings.md").read_text(encoding="utf-8")
    return [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("price", prices())
def test_every_price_that_the_page_shows_is_read(price: str) -> None:
    assert amounts.read(plain_text(price)).amount


def test_every_column_that_the_page_names_is_known() -> None:
    for names, others, _ in table_of("excel.md", "读得懂什么样的表"):
        for name in re.split("、", f"{names}、{others.split('；')[0]}"):
            assert not name or c.column_of(name), name
