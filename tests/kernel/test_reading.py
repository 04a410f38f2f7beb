"""What an address asks for is read without trust."""

import pytest

from jifen.kernel import reading


@pytest.mark.parametrize("text", ["", "²", "-1", "1.5", "一", " 7", "9" * 19, "\x00"])
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert reading.whole(text) is None


def test_decimal_digits_of_any_script_are_a_number() -> None:
    assert (reading.whole("0132"), reading.whole("１２")) == (132, 12)


@pytest.mark.parametrize("text", ["0000", "1999", "2101", "20255", "²²²²"])
def test_a_year_that_no_town_can_have_is_none(text: str) -> None:
    assert reading.year(text) is None


def test_a_year_is_read() -> None:
    assert reading.year("2025") == 2025
