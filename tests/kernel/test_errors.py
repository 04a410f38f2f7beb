"""An error says what is wrong, with what, at which field."""

from datetime import date

import pytest

from jifen.kernel.errors import InvalidInput, JifenError


class DeedTooLate(InvalidInput):
    code = "deed_too_late"
    message = "{day}的事最迟{limit}天内登记。"
    default_field = "happened_on"


def test_a_text_carries_its_figures() -> None:
    error = DeedTooLate(day="3月5日", limit=30)
    assert error.message == str(error) == "3月5日的事最迟30天内登记。"
    assert (error.field, error.data) == ("happened_on", {"day": "3月5日", "limit": 30})


def test_a_day_is_said_as_people_say_it_and_kept_for_programs() -> None:
    error = DeedTooLate(day=date(2026, 3, 2), limit=30)
    assert error.message == "2026年3月2日的事最迟30天内登记。"
    assert error.data["day"] == date(2026, 3, 2)


class DeedRefused(InvalidInput):
    message = "没有记下：{reason}。请核对。"


def test_a_reason_written_with_its_own_full_stop_ends_once() -> None:
    assert DeedRefused(reason="看不清是哪一户。").message == "没有记下：看不清是哪一户。请核对。"


def test_a_missing_figure_breaks_nothing() -> None:
    assert DeedTooLate(limit=30).message == "(day)的事最迟30天内登记。"


def test_one_s_own_text_and_field_win() -> None:
    error = DeedTooLate("不行。", field="place")
    assert (error.message, error.field) == ("不行。", "place")


def all_errors(cls: type[JifenError]) -> set[type[JifenError]]:
    return {cls} | {found for sub in cls.__subclasses__() for found in all_errors(sub)}


@pytest.mark.parametrize("cls", sorted(all_errors(JifenError), key=str))
def test_every_error_speaks_chinese_and_says_something_whole(cls: type[JifenError]) -> None:
    assert cls.message.endswith(("。", "}"))
    assert cls.code.isascii()
    assert cls.code == cls.code.lower()
