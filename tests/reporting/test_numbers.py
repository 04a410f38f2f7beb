"""公示编号, as an office numbers its papers."""

import pytest

from jifen.kernel import clock
from reporting.services import numbers


@pytest.mark.parametrize(
    ("town", "short"),
    [
        ("川沙新镇", "川沙"),
        ("祝桥镇", "祝桥"),
        ("大新镇", "大新"),
        ("新镇", "新镇"),
        ("花木街道", "花木"),
        ("塘河民族乡", "塘河"),
    ],
)
def test_a_town_is_called_by_its_short_name(town: str, short: str) -> None:
    assert numbers.short_name(town) == short


def test_numbers_run_on_through_the_year(cast: object) -> None:
    year = clock.today().year
    assert numbers.take("川沙新镇", 2) == [f"川沙积分公示〔{year}〕1号", f"川沙积分公示〔{year}〕2号"]
