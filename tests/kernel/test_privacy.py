"""Personal data: sealed at rest, masked for those who may not read it."""

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from jifen.kernel import crypto, identity, masking, pinyin

PLACE = "community_resident.id_number"


@given(st.text(max_size=60))
def test_what_is_sealed_opens_again(text: str) -> None:
    stored = crypto.seal(text, schema="t_a", place=PLACE)
    assert text not in stored or len(text) < 4
    assert crypto.unseal(stored, schema="t_a", place=PLACE) == text


@pytest.mark.parametrize(("schema", "place"), [("t_b", PLACE), ("t_a", "community_resident.phone")])
def test_a_value_copied_elsewhere_does_not_open(schema: str, place: str) -> None:
    stored = crypto.seal("13800001234", schema="t_a", place=PLACE)
    with pytest.raises(InvalidTag):
        crypto.unseal(stored, schema=schema, place=place)


def test_the_same_text_is_sealed_differently_each_time_but_found_by_its_index() -> None:
    assert crypto.seal("a", schema="t_a", place=PLACE) != crypto.seal("a", schema="t_a", place=PLACE)
    index = crypto.blind_index("a", schema="t_a", place=PLACE)
    assert index == crypto.blind_index("a", schema="t_a", place=PLACE)
    assert index != crypto.blind_index("a", schema="t_b", place=PLACE)


@pytest.mark.parametrize(
    ("name", "masked"), [("张", "*"), ("张三", "张*"), ("李小明", "李*明"), ("欧阳小明", "欧**明"), ("", "*")]
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert masking.name(name) == masked


def test_numbers_are_masked() -> None:
    assert masking.phone("13812341234") == "138****1234"
    assert masking.id_number("310115197005201234") == "310***********1234"
    assert masking.phone("110") == "***"


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.integers(0, 999))
def test_a_number_with_its_check_digit_is_right_and_with_another_wrong(born: date, serial: int) -> None:
    first17 = f"310115{born:%Y%m%d}{serial:03d}"
    number = first17 + identity.check_digit(first17)
    assert identity.id_number_problem(number) is None
    assert identity.birth_date(number) == born
    wrong = first17 + ("1" if number[-1] != "1" else "2")
    assert identity.id_number_problem(wrong) == "身份证号校验位不对，请核对是否抄错"


@pytest.mark.parametrize(
    ("number", "problem"),
    [("31011519700520", "18位"), ("31011519701320123X", "出生日期"), ("3101151970052012３4", "18位"), ("", "18位")],
)
def test_a_wrong_number_says_what_is_wrong(number: str, problem: str) -> None:
    assert problem in str(identity.id_number_problem(number))


@pytest.mark.parametrize(("phone", "right"), [("13812341234", True), ("12812341234", False), ("021-5555", False)])
def test_mobile_numbers_have_eleven_digits(phone: str, right: bool) -> None:
    assert (identity.phone_problem(phone) is None) == right


def test_age_is_counted_in_whole_years() -> None:
    assert identity.age_on(date(2011, 3, 6), date(2025, 3, 5)) == 13
    assert identity.age_on(date(2011, 3, 5), date(2025, 3, 5)) == 14


def test_names_sort_by_their_sound() -> None:
    assert pinyin.keys("张伟") == "zhangwei zw"
    assert sorted(["张三", "李四", "王五"], key=pinyin.sort_key) == ["李四", "王五", "张三"]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("laji", True), ("LJFL", True), ("fenlei", True), ("垃圾 fl", True), ("aji", False), ("lajix", False), ("", True)],
)
def test_a_name_is_found_by_its_sound_and_its_initials(words: str, is_found: bool) -> None:
    assert pinyin.found(words, "垃圾分类，按时投放", "垃圾分类") is is_found
