"""How values go to the database."""

from enum import IntEnum
from typing import Any

import pytest

from jifen.kernel.database import connection


class Level(IntEnum):
    FIRST = 1


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0, "integer"), (1, "integer"), (-32769, "integer"), (2**15, "integer"), (2**31 - 1, "integer"),
        (2**31, "bigint"), (-(2**31) - 1, "bigint"), (2**63, "numeric"), (True, "boolean"), (Level.FIRST, "integer"),
        ([1, 2], "integer[]"), ([1, 2**40], "bigint[]"),
    ],
)  # fmt: skip
def test_whole_numbers_are_as_wide_as_in_sql(db: None, value: Any, kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_typeof(%s)::text", [value])
        assert cursor.fetchone() == (kind,)


def test_two_small_numbers_may_have_a_large_product(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s * %s, %s + %s", [3000, 3000, 32000, 32000])
        assert cursor.fetchone() == (9_000_000, 64_000)
