"""What a record is warned of at once: told twice, beyond a cap, of a month that is over. Nothing is refused for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring.models import Declaration
from scoring.selectors.batch_cautions import batch_cautions
from scoring.selectors.cautions import cautions
from scoring.selectors.sheets import latecomers, newcomers
from scoring.services import batches, declarations, years
from tests.scoring.desk import DAY, MONTH, Desk

Browser = Callable[..., Any]


def test_the_same_deed_of_the_same_day_is_pointed_out(desk: Desk) -> None:
    first = desk.record("tidy")
    assert cautions(first) == []
    [told] = cautions(desk.record("tidy"))
    assert "已经登记过1件" in told


def test_one_taken_back_is_no_double(desk: Desk) -> None:
    declarations.withdraw(declaration=desk.record("tidy"), by=desk.by)
    assert cautions(desk.record("tidy")) == []


def test_what_a_cap_will_cut_is_said_when_it_is_recorded(desk: Desk) -> None:
    desk.record("class")
    _, beyond = cautions(desk.record("class"))
    assert "每户每季度最多1次" in beyond and "已登记1次" in beyond
    assert Declaration.objects.count() == 2


def test_points_are_counted_against_a_cap_by_household(desk: Desk) -> None:
    other = desk.cast.household(name="李四")
    for number in range(3):
        made = desk.record("help", resident=desk.cast.member(desk.zhang, f"张{number}"))
    [told] = cautions(made)
    assert "每户每月最多12分" in told and "已登记10分" in told
    assert cautions(desk.record("help", household=other, resident=other.head)) == []


def test_the_page_says_it_beside_what_was_saved(desk: Desk, client_for: Browser) -> None:
    desk.record("class")
    page = client_for(desk.steward).get(reverse("scoring:record"), {"done": desk.record("class").pk}).text
    assert "已登记" in page and "每户每季度最多1次" in page


def test_a_deed_of_a_decided_month_goes_to_the_next_sheet_and_both_say_so(
    desk: Desk, client_for: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.decide_all(desk.sheet())
    later = clock.next_month(MONTH)
    years.open_year(number=later.year, by=SYSTEM)
    monkeypatch.setattr(clock, "_offset", [lambda: clock.at(later, 12) - datetime.now(clock.TIME_ZONE)])
    [told] = cautions(desk.record("trees", facts={"quantity": "2"}, happened_on=DAY))
    assert f"{MONTH.month}月的登记期限已过" in told and f"并入{later.month}月审核" in told
    sheet = desk.sheet(later)
    desk.record("tidy", happened_on=DAY + timedelta(days=1))
    assert (newcomers(sheet), latecomers(sheet)) == (1, 1)
    assert "其中1件是以前月份的" in client_for(desk.li).get(reverse("scoring:sheet", args=[sheet.pk])).text


def test_the_rest_face_says_it_too_and_names_figures_by_their_path(desk: Desk, api_client: Browser) -> None:
    desk.record("class")
    body = {
        "rule": desk.rule_in_force("class").pk, "household": desk.zhang.number, "happened_on": DAY.isoformat(),
        "place": "村口", "reason": "见照片", "channel": "oral",
    }  # fmt: skip
    steward = api_client(desk.steward)
    made = steward.post("/api/v1/declarations/", body)
    assert made.status_code == 201 and "每户每季度最多1次" in "".join(made.json()["cautions"])
    wrong = body | {"rule": desk.rule_in_force("trees").pk, "facts": {"quantity": "-1"}}
    assert steward.post("/api/v1/declarations/", wrong).json()["field"] == "facts.quantity"


def _listed(desk: Desk, code: str, *households: Any, **more: Any) -> list[str]:
    rule = desk.rule(code)
    rows: Any = [(one, None, rule, {}) for one in households]
    terms: Any = {"kind": "inspection", "title": "检查", "happened_on": DAY, "place": "村里", "by": desk.by}
    return batch_cautions(batches.record_batch(village=desk.zhang.village, rows=rows, **terms | more))


def test_a_list_is_warned_of_what_was_told_before_household_by_household(desk: Desk) -> None:
    other = desk.cast.household(name="李四")
    assert _listed(desk, "tidy", desk.zhang) == []
    [told] = _listed(desk, "tidy", desk.zhang, other)
    assert "张三" in told and "李四" not in told and "已经登记过" in told


def test_a_list_is_warned_of_a_cap_that_is_used_up(desk: Desk) -> None:
    assert _listed(desk, "class", desk.zhang) == []
    _, beyond = _listed(desk, "class", desk.zhang)
    assert "每户每季度最多1次" in beyond and "张三" in beyond


def test_a_list_of_a_month_gone_by_says_where_it_goes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.decide_all(desk.sheet())
    later = clock.next_month(MONTH)
    monkeypatch.setattr(clock, "_offset", [lambda: clock.at(later, 12) - datetime.now(clock.TIME_ZONE)])
    assert f"并入{later.month}月审核" in _listed(desk, "tidy", desk.zhang)[-1]


def test_the_page_warns_beside_what_was_saved(desk: Desk, client_for: Browser) -> None:
    _listed(desk, "class", desk.zhang)
    form = {
        "rule": desk.rule("class").pk, "kind": "inspection", "title": "检查", "happened_on": DAY, "place": "村里",
        "household": [desk.zhang.pk],
    }  # fmt: skip
    page = client_for(desk.steward).post(reverse("scoring:batch"), form, follow=True)
    assert "已登记1户" in page.text and "每户每季度最多1次" in page.text
