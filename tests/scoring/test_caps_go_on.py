"""A revision in mid-year: what is used of a cap goes on where the new version has it at another place."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scoring.models import CapUse, Declaration, Rule
from scoring.verify import checks
from tests.scoring import wide
from tests.scoring.desk import DAY, NOW, Desk, last_year, rule

LAST = DAY - timedelta(days=1)
TWELVE = {"kind": "points", "value": 12, "period": "ever"}
TWICE_A_DAY = {"kind": "count", "value": 2, "period": "day"}
SIX = {"kind": "points", "value": 6, "period": "ever", "rules": ["blood", "money"]}
FIFTY = {"kind": "points", "value": 50, "period": "month", "rules": ["money", "blood"]}
OTHERS = [rule("blood", "献血", 3), rule("money", "捐款", 2)]


def _in_force(desk: Desk, since: date, own: list[dict[str, Any]], shared: list[dict[str, Any]]) -> None:
    wide.install(desk, more=[rule("sweep", "扫街", 4, limits=own), *OTHERS], settings={"limits": shared}, since=since)


@pytest.fixture
def revised(desk: Desk) -> Desk:
    """Last month's deeds are posted under the first version; from this month on each list begins with another cap."""
    last_year(desk, sealed=False)
    _in_force(desk, date(NOW.year - 1, 1, 2), [TWELVE], [SIX])
    for code in ("sweep", "sweep", "blood"):
        desk.record(code, happened_on=LAST)
    desk.post(LAST.replace(day=1))
    _in_force(desk, DAY, [TWICE_A_DAY, TWELVE], [FIFTY, SIX])
    return desk


def _worth(deed: Declaration) -> Decimal:
    return sum((row.amount for row in deed.postings.get().entries.filter(measure="merit")), Decimal(0))


def _posted(desk: Desk, *codes: str) -> list[Decimal]:
    told = [desk.record(code) for code in codes]
    desk.post()
    assert [check.title for check in checks() if check.breaches()] == []
    return [_worth(one) for one in told]


def test_an_items_own_cap_goes_on(revised: Desk) -> None:
    assert _posted(revised, "sweep", "sweep") == [4, 0]
    used = CapUse.objects.filter(rule_code="sweep").values_list("limit_key", "used")
    assert dict(used.filter(limit_key__contains="ever")) == {"points/ever/household": 12}


def test_a_cap_that_items_share_goes_on(revised: Desk) -> None:
    assert _posted(revised, "blood", "money") == [3, 0]


def test_a_late_deed_of_the_old_version_and_a_new_one_share_what_is_left(revised: Desk) -> None:
    old = Rule.objects.filter(code="sweep", version__effective_from__lte=LAST).latest("version__effective_from")
    late = revised.record(rule=old, happened_on=LAST)
    assert [*_posted(revised, "sweep"), _worth(late)] == [0, 4]
