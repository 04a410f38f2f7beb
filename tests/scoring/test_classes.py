"""分类积分: points of named classes count by their weights in every ranking; the ledger keeps the points themselves."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from jifen.kernel.actors import SYSTEM
from reporting.periods import Quarter
from reporting.selectors import standings
from scoring import selectors
from scoring.rules import classes as reckoned
from scoring.rules.spec import Settings
from scoring.selectors.standing import places, standing_rows
from scoring.services import ledger, years
from scoring.verify import checks
from tenants.community.models import Household
from tests.scoring import closing, wide
from tests.scoring.desk import NOW, Desk, rule

CLASSES: list[dict[str, Any]] = [
    {"code": "good", "name": "善行分", "weight": "1.5"},
    {"code": "goods", "name": "礼品分", "counts_for": "redeem"},
]
MORE = [rule("care", "照料老人", 5, point_class="good"), rule("cheer", "助兴", 4, point_class="goods")]


@pytest.fixture
def weighed(desk: Desk) -> Desk:
    """张三 did good: 5 × 1.5 + 2, and 4 that do not rank; 李四 has 9."""
    wide.install(desk, more=MORE, settings={"classes": CLASSES})
    li = desk.cast.household(name="李四", number="90001")
    for code in ("care", "cheer", "tidy"):
        desk.record(code)
    desk.record("trees", household=li, facts={"quantity": "3"})
    desk.post()
    return desk


def _li() -> Household:
    return Household.objects.get(number="90001")


def test_the_passbook_tells_the_weighted_total(weighed: Desk) -> None:
    book = selectors.passbook(weighed.zhang, NOW.year)
    assert book.merit == 11 and book.weighted is not None and book.weighted.total == Decimal("9.5")
    assert book.weighted.told == "善行分5分 × 1.5 + 礼品分4分 × 0 + 其他2分 = 9.5分"
    other = selectors.passbook(_li(), NOW.year).weighted
    assert other is not None and other.total == 9


def test_everybody_is_ranked_by_the_weighted_total(weighed: Desk) -> None:
    rows = {row.pk: (row.merit, row.weighted) for row in standing_rows(Household.objects.all(), NOW.year)}
    assert rows[weighed.zhang.pk] == (Decimal(11), Decimal("9.50"))
    assert rows[_li().pk] == (Decimal(9), Decimal(9))
    ranked = {row.id: row.net for row in selectors.rankings(year=NOW.year)}
    shown = standings.at_end_of(Quarter(NOW.year, (NOW.month + 2) // 3)).households
    listed = {row.id: (row.quarter.net, row.cumulative.positive) for row in shown}
    for home, total in ((weighed.zhang.pk, Decimal("9.5")), (_li().pk, Decimal(9))):
        assert ranked[home] == total and set(listed[home]) == {total}


def test_equals_share_a_place_whoever_is_searched_for(desk: Desk, client_for: Any) -> None:
    desk.cast.household(name="李四", number="90001")
    desk.cast.household(name="王五", number="90002")
    rows = standing_rows(Household.objects.all(), NOW.year)
    assert set(places(rows).values()) == {1}  # nobody has any points
    desk.record("help", resident=desk.head())
    desk.post()
    found = places(rows.all())
    assert found.pop(desk.zhang.pk) == 1 and set(found.values()) == {2}
    browser, here = client_for(desk.steward), reverse("scoring:village_balances")
    for query in ({}, {"q": _li().number}):
        shown = {row.pk: place for place, row in browser.get(here, query).context["standing"]}
        assert shown[_li().pk] == 2


def test_a_correction_takes_the_weight_back_with_the_points(weighed: Desk) -> None:
    entry = weighed.zhang.entries.get(rule__code="care", measure="merit")
    ledger.reverse(posting=entry.posting, reason="记错", by=weighed.by)
    [zhang] = [row for row in selectors.rankings(year=NOW.year) if row.id == weighed.zhang.pk]
    assert zhang.positive == 2 and zhang.negative == 0


def test_the_sealed_standings_are_the_weighted_ones(desk: Desk) -> None:
    last = NOW.year - 1
    year = years.open_year(number=last, by=SYSTEM)
    wide.install(desk, more=MORE, since=NOW.replace(year=last, month=1, day=2), settings={"classes": CLASSES})
    for code in ("care", "cheer", "tidy"):
        desk.record(code, happened_on=NOW.replace(year=last, month=11, day=5))
    desk.post(NOW.replace(year=last, month=11, day=1))
    seal = closing.seal(year)
    assert seal.standings.get(household=desk.zhang).net == Decimal("9.5")
    assert [check.title for check in checks() if check.breaches()] == []


def test_pages_show_the_weighted_total_where_there_is_one(weighed: Desk, client_for: Callable[..., Any]) -> None:
    browser = client_for(weighed.steward)
    page = browser.get(reverse("scoring:village_balances")).content.decode()
    assert "折算总分" in page and "9.5" in page
    page = browser.get(reverse("scoring:village_passbook", args=[weighed.zhang.number])).content.decode()
    assert "善行分5分 × 1.5" in page


def test_nothing_is_said_of_classes_where_there_are_none(desk: Desk, client_for: Callable[..., Any]) -> None:
    desk.record("tidy")
    desk.post()
    assert selectors.passbook(desk.zhang, NOW.year).weighted is None
    assert "折算" not in client_for(desk.steward).get(reverse("scoring:village_balances")).content.decode()


def test_the_sum_is_the_pure_one(weighed: Desk) -> None:
    points: dict[str | None, Decimal] = {"good": Decimal(5), "goods": Decimal(4), None: Decimal(2)}
    book = selectors.passbook(weighed.zhang, NOW.year)
    assert book.weighted is not None
    assert book.weighted.total == reckoned.weighted(points, Settings.model_validate({"classes": CLASSES}), "rank")
