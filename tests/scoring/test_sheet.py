"""The committee's sheet: exceptions one by one, the rest in one act."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from jifen.files import services as files
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import errors, policies, selectors
from scoring.models import Review
from scoring.selectors.sheets import group_lines, newcomers
from scoring.services import reviews, rulebooks, years
from tenants.community.models import Resident
from tests.files.scenes import scene
from tests.scoring.desk import DAY, MONTH, NOW, Desk, scheme

Browser = Callable[..., Any]


def test_exceptions_stand_alone_and_plain_deeds_are_folded_by_rule(desk: Desk) -> None:
    sheet = _sheet(desk, plain=3)
    found = selectors.sheet(sheet, Actor.of(desk.li))
    assert [line.item.declaration.rule.code for line in found.attention] == ["litter"]
    assert [(group.title, group.count, group.pending) for group in found.groups] == [("庭院整洁", 3, 3)]
    assert (found.left.attention, found.left.plain) == (1, 3)
    assert len(group_lines(sheet, found.groups[0].key, Actor.of(desk.li))) == 3


def test_one_act_passes_the_plain_deeds_and_leaves_the_exceptions(desk: Desk) -> None:
    sheet = _sheet(desk, plain=3)
    assert reviews.decide_plain(review=sheet, by=Actor.of(desk.li)) == 3
    assert reviews.decide_plain(review=sheet, by=Actor.of(desk.li)) == 0
    assert [item.declaration.rule.code for item in sheet.items.filter(verdict="pending")] == ["litter"]


def test_the_one_act_is_offered_only_while_something_is_left_that_she_may_decide(
    desk: Desk, client_for: Browser
) -> None:
    member = Resident.objects.get(user=desk.li)
    sheet = _sheet(desk, plain=1, household=member.memberships.get().household)
    here = reverse("scoring:sheet", args=[sheet.pk])
    li, wu = client_for(desk.li), client_for(desk.wu)
    assert "件全部通过" not in li.get(here).content.decode()
    assert "其余1件全部通过" in wu.get(here).content.decode()


def test_the_committee_decides_signs_and_closes_a_sheet(desk: Desk, client_for: Browser) -> None:
    sheet = _sheet(desk, plain=2)
    li, wu = client_for(desk.li), client_for(desk.wu)
    page = li.get(reverse("scoring:sheet", args=[sheet.pk])).content.decode()
    assert page.index("乱扔垃圾") < page.index("庭院整洁") and "逐件看" in page
    [odd] = selectors.sheet(sheet, Actor.of(desk.li)).attention
    line = li.post(_item(sheet, odd.item.pk), {"verdict": "approved"}, headers={"HX-Request": "true"})
    assert "李委员定为通过" in line.content.decode() and 'id="sheet-bar"' in line.content.decode()
    for browser, act in ((li, "plain"), (li, "sign"), (wu, "sign"), (wu, "close")):
        browser.post(reverse("scoring:sheet_act", args=[sheet.pk, act]))
    sheet.refresh_from_db()
    assert sheet.state == "decided"


def test_a_hundred_deeds_are_not_a_hundred_cards(desk: Desk, client_for: Browser) -> None:
    sheet = _sheet(desk, plain=100)
    page = client_for(desk.li).get(reverse("scoring:sheet", args=[sheet.pk])).content.decode()
    assert page.count("<article") + page.count('class="line ') == 1
    key = selectors.sheet(sheet, Actor.of(desk.li)).groups[0].key
    rows = client_for(desk.li).get(reverse("scoring:sheet_group", args=[sheet.pk, key])).content.decode()
    assert rows.count('class="line ') == 100 and "<form" not in rows


def test_a_line_brings_what_is_under_it_when_it_is_opened(desk: Desk, client_for: Browser) -> None:
    sheet = _sheet(desk, plain=1)
    [row] = group_lines(sheet, "0-tidy", Actor.of(desk.li))
    body = client_for(desk.li).get(_item(sheet, row.item.pk)).content.decode()
    assert "村口" in body and 'value="approved"' in body
    assert 'value="approved"' not in client_for(desk.steward).get(_item(sheet, row.item.pk)).content.decode()


def test_a_common_reason_refuses_with_one_tap(desk: Desk, client_for: Browser) -> None:
    sheet = _sheet(desk, plain=1)
    [row] = group_lines(sheet, "0-tidy", Actor.of(desk.li))
    client_for(desk.li).post(_item(sheet, row.item.pk), {"verdict": "rejected", "quick": "重复登记"})
    row.item.refresh_from_db()
    assert (row.item.verdict, row.item.reason) == ("rejected", "重复登记")


def test_a_wrong_key_of_a_group_shows_nothing(desk: Desk, client_for: Browser) -> None:
    sheet = _sheet(desk, plain=1)
    for key in ("x-tidy", "0-none", "0", "99-tidy"):
        assert client_for(desk.li).get(reverse("scoring:sheet_group", args=[sheet.pk, key])).content.strip() == b""


def test_late_deeds_join_an_open_sheet_where_the_town_says_so(desk: Desk, client_for: Browser) -> None:
    sheet = _sheet(desk, plain=1)
    desk.record("tidy", household=desk.cast.household(name="晚来"))
    assert newcomers(sheet) == 1
    browser = client_for(desk.li)
    assert "又登记了1件" in browser.get(reverse("scoring:sheet", args=[sheet.pk])).content.decode()
    browser.post(reverse("scoring:sheet_act", args=[sheet.pk, "take"]))
    assert newcomers(sheet) == 0 and sheet.items.count() == 3


def test_late_deeds_go_to_the_next_month_where_the_town_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(late="next_month")
    last = _last_month()
    with monkeypatch.context() as then:
        then.setattr(clock, "_offset", [lambda: clock.at(last, 12) - datetime.now(clock.TIME_ZONE)])
        in_time = desk.record("tidy", happened_on=last)
    late = desk.record("tidy", happened_on=last)
    old, new = desk.sheet(last), desk.sheet()
    assert [item.declaration for item in old.items.all()] == [in_time] and newcomers(old) == 0
    assert [item.declaration for item in new.items.all()] == [late]


def test_a_late_deed_is_judged_by_the_rulebook_of_its_day(desk: Desk) -> None:
    _install(late="next_month")
    last, old = _last_month(), desk.rule_in_force("tidy")
    rulebooks.install(scheme=scheme(), effective_from=DAY, resolution="村民代表大会", by=SYSTEM)
    with pytest.raises(errors.RuleOutOfForce):
        desk.record("tidy", happened_on=last)
    late = desk.record("tidy", happened_on=last, rule=old)
    assert [item.declaration for item in desk.sheet().items.all()] == [late]


def test_a_sheet_that_was_decided_is_never_opened_again(desk: Desk) -> None:
    sheet = desk.sheet()
    desk.sign_and_close(sheet)
    with pytest.raises(errors.ReviewNotOpen):
        reviews.decide_plain(review=sheet, by=Actor.of(desk.li))


def _sheet(desk: Desk, plain: int, **more: Any) -> Review:
    """One deduction, and so many plain deeds, each of another household and with a photo of its own."""
    if not more:
        desk.record("litter")
    for number in range(plain):
        household = more.get("household") or desk.cast.household(name="李四")
        desk.record("tidy", household=household, evidence=[_photo(number)])
    return desk.sheet()


def _photo(seed: int) -> File:
    return files.store(kind="evidence", name="a.jpg", content_type="image/jpeg", body=scene(seed), by=SYSTEM)


def _item(sheet: Review, item: int) -> str:
    return reverse("scoring:sheet_item", args=[sheet.pk, item])


def _install(**more: str) -> None:
    section = {"review": {"after": "filing", "quorum": "0.5", "majority": "0.5", **more}}
    policies.install(section=section, effective_from=DAY, by=SYSTEM)


def _last_month() -> date:
    """Its last day, in an open year."""
    last = MONTH - timedelta(days=1)
    if last.year < NOW.year:
        years.open_year(number=last.year, by=SYSTEM)
    return last
