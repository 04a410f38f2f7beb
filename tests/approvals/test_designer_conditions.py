"""A condition is rows of a form, and comes back as it was."""

import pytest

from jifen.approvals import conditions
from jifen.approvals.conditions import Row, ValueWrong
from jifen.kernel import cel

KINDS: dict[str, cel.Kind] = {"points": "number", "declared_by": "text", "negative": "yes_no", "held_on": "date"}


@pytest.mark.parametrize(
    "text",
    [
        "points >= 20 || points < 0",
        'points > -1.5 && declared_by != "self"',
        "negative == true",
        'held_on >= date("2025-03-05")',
        "",
    ],
)
def test_rows_come_back_as_they_were(text: str) -> None:
    found = conditions.rows(text)
    assert found is not None
    written = conditions.text(*found, KINDS)
    assert written == text
    if text:
        cel.compile_expression(written, KINDS, condition=True)


@pytest.mark.parametrize("text", ["points > 1 || points < 0 && negative", "!negative", "points + 1 > 2", "true"])
def test_what_says_more_than_rows_stays_text(text: str) -> None:
    assert conditions.rows(text) is None


@pytest.mark.parametrize("row", [Row("points", ">", "很多"), Row("points", ">", "NaN"), Row("held_on", "==", "明天")])
def test_a_value_of_the_wrong_kind_is_refused(row: Row) -> None:
    with pytest.raises(ValueWrong):
        conditions.text("||", [row], KINDS)


def test_quotes_in_a_value_do_no_harm() -> None:
    written = conditions.text("||", [Row("declared_by", "==", 'a" || true || "')], KINDS)
    assert cel.compile_expression(written, KINDS, condition=True).holds({"declared_by": "x"}) is False
