"""A condition is rows of a form, and comes back as it was."""

import re

import pytest

from jifen.approvals import conditions
from jifen.approvals.conditions import Row, SignWrong, ValueUnknown, ValueWrong
from jifen.kernel import cel
from jifen.kernel.errors import InvalidInput

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


VALUES = {"declared_by": ("self", "neighbour")}


@pytest.mark.parametrize(
    ("row", "error", "said"),
    [
        (Row("points", ">", "很多"), ValueWrong, "“分值”要填数字"),
        (Row("declared_by", ">=", "本人"), SignWrong, "“由谁申报”不能比“不少于”，只能选：是、不是"),
        (Row("negative", ">=", "true"), SignWrong, "“是扣分”不能比“不少于”"),
        (Row("declared_by", "==", "外星人"), ValueUnknown, "“由谁申报”没有“外星人”这个选项，可以选：本人、邻居"),
        (Row("declared_by", "==", "积分管理员"), ValueUnknown, "没有“积分管理员”"),
    ],
)
def test_a_row_is_refused_in_peoples_words(row: Row, error: type[InvalidInput], said: str) -> None:
    with pytest.raises(error, match=re.escape(said)):
        conditions.text("||", [row], KINDS, VALUES)


def test_a_known_value_is_stored_by_its_code() -> None:
    assert conditions.text("||", [Row("declared_by", "==", "邻居")], KINDS, VALUES) == 'declared_by == "neighbour"'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('declared_by == "外星人"', ["外星人"]), ('"x" != declared_by && points > 3', ["x"]),
        ('declared_by in ["self", "y"]', ["y"]), ('declared_by == "self" || reason == "z"', []),
    ],
)  # fmt: skip
def test_strangers_are_found_wherever_they_stand(text: str, found: list[str]) -> None:
    assert [value for _, value in conditions.strangers(text, VALUES)] == found


def test_quotes_in_a_value_do_no_harm() -> None:
    written = conditions.text("||", [Row("declared_by", "==", 'a" || true || "')], KINDS)
    assert cel.compile_expression(written, KINDS, condition=True).holds({"declared_by": "x"}) is False
