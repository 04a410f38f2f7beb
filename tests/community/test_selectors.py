"""Who belongs where, and by which code a shop knows a household."""

import pytest

from tenants.community import codes, selectors
from tenants.community.errors import CodeUnknown
from tests.cast import Cast


def test_a_scanned_code_finds_its_household(cast: Cast) -> None:
    household = cast.household(number="01001")
    assert selectors.household_by_code(codes.text(household)) == household


def test_number_and_printed_digits_find_the_household_however_they_are_typed(cast: Cast) -> None:
    household = cast.household(number="01001")
    check = codes.check_digits(household)
    for typed in (f"01001{check}", f"01001 {check}", f"01001-{check}", f"jf-01001-{check}", f" JF-01001-{check}"):
        assert selectors.household_by_code(typed) == household


def test_a_household_number_alone_opens_nothing(cast: Cast) -> None:
    cast.household(number="01001")
    for typed in ("01001", "JF-01001", "01001-0", "", "JF-99999-1234"):
        with pytest.raises(CodeUnknown):
            selectors.household_by_code(typed)
