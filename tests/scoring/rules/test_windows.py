"""Rules that count only in some days, and limits that are examples."""

from datetime import date

import pytest

from scoring.rules import engine, library
from scoring.rules.errors import OutsideWindow
from scoring.web.choices import _limit


@pytest.mark.parametrize("scheme", ["seed_003", "seed_000_003"])
def test_what_seed_003_added_in_the_third_quarter_is_refused_before(scheme: str) -> None:
    rule = library.load(scheme).rulebook.rule("cy-01")
    with pytest.raises(OutsideWindow, match="2025年7月1日起"):
        engine.price(rule, engine.Facts(date=date(2025, 6, 30), quantity=1))
    assert engine.price(rule, engine.Facts(date=date(2025, 7, 1), quantity=1)).points == 5


def test_an_example_limit_says_so_and_a_limit_of_the_source_does_not() -> None:
    rules = [rule for code in library.available() for rule in library.load(code).rulebook.rules]
    limits = [(rule, one) for rule in rules for one in rule.limits]
    assert {"示例" in _limit(rule, one) for rule, one in limits if one.figures == "example"} == {True}
    assert not any("示例" in _limit(rule, one) for rule, one in limits if one.figures == "seed")
