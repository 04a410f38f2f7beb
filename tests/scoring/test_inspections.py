"""An inspection is walked house by house; marks come late, twice and in any order, and are handed in once."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jifen.kernel import clock
from scoring import errors, round_errors
from scoring.models import Declaration, Inspection, InspectionMark
from scoring.selectors import rounds
from scoring.services import inspections
from scoring.services.inspections import Mark
from tests.clients import ApiClient, PageClient
from tests.scoring import wide
from tests.scoring.desk import DAY, Desk, last_year, rule, switch_off

CARD = [{"name": "庭院", "most": "3"}, {"name": "厨房", "most": "2"}]


def _open(desk: Desk, *codes: str, **more: Any) -> Inspection:
    rules = [desk.rule_in_force(code).pk for code in codes or ("tidy", "litter")]
    terms: dict[str, Any] = {"title": "卫生检查", "place": "各户", "happened_on": DAY, "rules": rules, "by": desk.by}
    return inspections.open_inspection(village=desk.village, **terms | more)


def _at(minutes: int) -> datetime:
    return clock.now() - timedelta(minutes=minutes)


def _mark(desk: Desk, found: Inspection, code: str | None, **more: Any) -> dict[int, str]:
    rule = desk.rule(code).pk if code else None
    terms: dict[str, Any] = {"household": desk.zhang.pk, "rule": rule, "made_at": _at(5)}
    return inspections.mark(inspection=found, marks=[Mark(**terms | more)], by=desk.by)


def test_a_walk_becomes_one_batch_of_deeds_for_the_sheet(desk: Desk) -> None:
    found, away = _open(desk), desk.cast.household(name="王五")
    _mark(desk, found, "tidy")
    _mark(desk, found, None, household=away.pk)
    done = inspections.submit(inspection=found, by=desk.by)
    [deed] = Declaration.objects.filter(batch=done.batch)
    assert (deed.household_id, deed.points, deed.state) == (desk.zhang.pk, Decimal(2), "ready")


OFF = rule("gate", "门前三包", {"kind": "score_card", "marks": "deduct", "items": [
    {"code": "litter", "name": "垃圾", "most": 6}, {"code": "parking", "name": "停车", "most": 4}]})  # fmt: skip


@pytest.fixture
def carded(desk: Desk) -> Desk:
    """Rules with cards of their own are in force: 庭院检查 is graded, 门前三包 takes off."""
    wide.install(desk, more=[OFF])
    return desk


def _walk(desk: Desk, code: str, scores: dict[str, str]) -> tuple[Inspection, dict[int, str]]:
    found = _open(desk, rules=[desk.rule_in_force(code).pk])
    one = Mark(household=desk.zhang.pk, rule=desk.rule_in_force(code).pk, made_at=_at(5), scores=scores)
    return found, inspections.mark(inspection=found, marks=[one], by=desk.by)


@pytest.mark.parametrize(
    ("code", "sent", "points"),
    [("yard", {"tidy": "55", "green": "36.5"}, "5"), ("gate", {"litter": "2", "parking": ""}, "8"), ("gate", {}, "10")],
)
def test_a_rules_own_card_is_marked_item_by_item(carded: Desk, code: str, sent: dict[str, str], points: str) -> None:
    found, wrong = _walk(carded, code, sent)
    assert wrong == {}
    done = inspections.submit(inspection=found, by=carded.by)
    assert Declaration.objects.get(batch=done.batch).points == Decimal(points)


@pytest.mark.parametrize(
    ("code", "sent"),
    [("yard", {"tidy": "61", "green": "1"}), ("yard", {"tidy": "5"}), ("yard", {}), ("gate", {"litter": "-1"})],
)
def test_a_card_half_filled_or_above_its_most_is_told_at_once(carded: Desk, code: str, sent: dict[str, str]) -> None:
    _, wrong = _walk(carded, code, sent)
    assert "请填0到" in wrong[carded.zhang.pk] and not InspectionMark.objects.exists()


@pytest.mark.parametrize("code", ["trees", "wedding", "hours", "stay", "neighbourly", "other"])
def test_what_asks_for_more_than_a_walk_tells_opens_none(carded: Desk, code: str) -> None:
    with pytest.raises(round_errors.RoundRuleUnfit):
        _open(carded, rules=[carded.rule_in_force(one).pk for one in ("tidy", code)])
    assert not Inspection.objects.exists()


def test_only_what_a_walk_can_tell_is_offered(carded: Desk, client_for: Callable[..., Any]) -> None:
    page = client_for(carded.steward).get("/village/inspections/new/").content.decode()
    assert "庭院检查" in page and "门前三包" in page and "志愿服务" not in page and "植树" not in page


def test_the_walk_shows_the_items_of_the_rules_cards(carded: Desk, client_for: Callable[..., Any]) -> None:
    found = _open(carded, rules=[carded.rule_in_force(code).pk for code in ("yard", "gate")])
    page = client_for(carded.steward).get(f"/village/inspections/{found.pk}/").content.decode()
    assert 'data-item="green"' in page and "满60" in page and "垃圾（扣分）" in page


@pytest.mark.parametrize("code", ["tidy", "yard"])
def test_a_card_is_refused_where_its_points_would_not_count(
    carded: Desk, code: str, client_for: Callable[..., PageClient], api_client: Callable[..., ApiClient]
) -> None:
    chosen = carded.rule_in_force(code)
    told: dict[str, Any] = {"title": "卫生检查", "place": "各户", "happened_on": f"{DAY}", "rules": [chosen.pk]}
    page = client_for(carded.steward).post("/village/inspections/new/", told | {"items": "庭院整洁 3\n厨房 2"})
    [said] = page.context["form"].errors["items"]
    assert f"“{chosen.title}”不按评分项目的分数计分" in said and "清空“评分项目”" in said
    answer = api_client(carded.steward).post(
        "/api/v1/inspections/", told | {"items": CARD, "village": carded.village.pk}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "card_unfit") and not Inspection.objects.exists()


def test_the_newest_mark_counts_whenever_it_arrives(desk: Desk) -> None:
    found = _open(desk)
    _mark(desk, found, "litter", made_at=_at(2))
    _mark(desk, found, "tidy", made_at=_at(9))
    assert InspectionMark.objects.get().rule == desk.rule("litter")
    _mark(desk, found, "tidy", made_at=_at(1))
    assert InspectionMark.objects.get().rule == desk.rule("tidy")


def test_a_bad_mark_loses_no_good_one(desk: Desk) -> None:
    found, stranger = _open(desk), desk.cast.household(name="外村人", village=desk.cast.village("白江洞村"))
    good = Mark(household=desk.zhang.pk, rule=desk.rule("tidy").pk, made_at=_at(1))
    bad = [Mark(household=stranger.pk, rule=None, made_at=_at(1))]
    wrong = inspections.mark(inspection=found, marks=[*bad, good], by=desk.by)
    assert list(wrong) == [stranger.pk]
    assert InspectionMark.objects.get().household == desk.zhang


def test_a_cards_items_add_up_within_the_rules_range(desk: Desk) -> None:
    found = _open(desk, "host", items=CARD)
    assert _mark(desk, found, "host", scores={"庭院": "2.5", "厨房": "1.5"}) == {}
    inspections.submit(inspection=found, by=desk.by)
    assert Declaration.objects.get().points == Decimal(4)


@pytest.mark.parametrize(
    "scores",
    [
        {"庭院": "4", "厨房": "0"},
        {"庭院": "1"},
        {"庭院": "x", "厨房": "1"},
        {"庭院": "0", "厨房": "0"},
        {"庭院": "2.5", "厨房": "2"},
    ],
)
def test_a_score_beyond_its_item_is_refused_and_not_kept(desk: Desk, scores: dict[str, str]) -> None:
    found = _open(desk, "host", items=CARD)
    assert list(_mark(desk, found, "host", scores=scores)) == [desk.zhang.pk]
    assert not InspectionMark.objects.exists()


def test_a_tier_is_part_of_the_result(desk: Desk) -> None:
    found = _open(desk, "prize")
    assert "档次" in _mark(desk, found, "prize")[desk.zhang.pk]
    assert _mark(desk, found, "prize", tier="town") == {}
    inspections.submit(inspection=found, by=desk.by)
    assert Declaration.objects.get().points == Decimal(4)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"title": " "}, round_errors.RoundTitleMissing),
        ({"place": ""}, errors.PlaceMissing),
        ({"happened_on": DAY + timedelta(days=60)}, errors.DeedInFuture),
        ({"happened_on": DAY.replace(year=DAY.year - 1)}, errors.YearNotOpen),
        ({"rules": []}, round_errors.RoundRulesMissing),
        ({"items": [{"name": "庭院", "most": "0"}]}, round_errors.CardItemWrong),
    ],
)
def test_a_wrong_frame_opens_nothing(desk: Desk, wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        _open(desk, **wrong)
    assert not Inspection.objects.exists()


def test_a_card_above_its_rules_most_opens_nothing(desk: Desk) -> None:
    with pytest.raises(round_errors.CardTooHigh):
        _open(desk, "host", items=[{"name": "庭院", "most": "9"}])
    assert not Inspection.objects.exists()


def test_a_sealed_year_is_refused_at_the_date(desk: Desk, client_for: Callable[..., PageClient]) -> None:
    last_year(desk, sealed=True)
    day = DAY.replace(year=DAY.year - 1)
    form = {"title": "检查", "place": "各户", "happened_on": f"{day}", "rules": [desk.rule("tidy").pk]}
    answer = client_for(desk.steward).post("/village/inspections/new/", form)
    assert answer.status_code == 422 and "已经封账" in answer.content.decode()
    assert "happened_on" in answer.context["form"].errors
    assert not Inspection.objects.exists()


def test_a_rule_that_is_switched_off_is_neither_offered_nor_taken(
    desk: Desk, client_for: Callable[..., PageClient], api_client: Callable[..., ApiClient]
) -> None:
    rule = switch_off(desk, "litter")
    assert rule.title not in client_for(desk.steward).get("/village/inspections/new/").content.decode()
    form = {"village": desk.village.pk, "title": "检查", "place": "各户", "happened_on": f"{DAY}", "rules": [rule.pk]}
    answer = api_client(desk.steward).post("/api/v1/inspections/", form)
    assert (answer.status_code, answer.json()["code"]) == (422, "round_rule_off")
    assert "已停用" in answer.json()["detail"] and not Inspection.objects.exists()


def test_what_is_handed_in_takes_no_more_marks(desk: Desk) -> None:
    found = _open(desk)
    _mark(desk, found, "tidy")
    inspections.submit(inspection=found, by=desk.by)
    for late in (lambda: _mark(desk, found, "litter"), lambda: inspections.submit(inspection=found, by=desk.by)):
        with pytest.raises(round_errors.RoundOver):
            late()
    with pytest.raises(IntegrityError), transaction.atomic():
        InspectionMark.objects.update(note="改一改")
    assert Declaration.objects.count() == 1


def test_a_cancelled_round_counts_for_nothing(desk: Desk) -> None:
    found = _open(desk)
    _mark(desk, found, "tidy")
    inspections.cancel(inspection=found, by=desk.by)
    with pytest.raises(round_errors.RoundOver):
        inspections.submit(inspection=found, by=desk.by)
    assert not Declaration.objects.exists()


def test_nothing_marked_is_nothing_to_hand_in(desk: Desk) -> None:
    found = _open(desk)
    with pytest.raises(errors.BatchEmpty):
        inspections.submit(inspection=found, by=desk.by)
    found.refresh_from_db()
    assert found.state == "open"


def test_the_phone_sends_marks_and_hears_what_was_wrong(desk: Desk, client_for: Callable[..., PageClient]) -> None:
    found, page = _open(desk), client_for(desk.steward)
    sent = {"household": desk.zhang.pk, "rule": str(desk.rule("tidy").pk), "made_at": int(_at(1).timestamp() * 1000)}
    url = f"/village/inspections/{found.pk}/marks/"
    answer = page.post(url, json.dumps({"marks": [sent, sent | {"household": 0}]}), content_type="application/json")
    assert list(answer.json()["wrong"]) == ["0"]
    assert "已查 1/" in page.get(f"/village/inspections/{found.pk}/").content.decode()
    assert page.post(url, "[", content_type="application/json").status_code == 409


def test_the_result_names_the_tier_and_what_it_is_worth(desk: Desk, client_for: Callable[..., PageClient]) -> None:
    found, away = _open(desk, "prize", "tidy"), desk.cast.household(name="王五")
    plain = desk.cast.household(name="赵六")
    _mark(desk, found, "prize", tier="town")
    _mark(desk, found, "tidy", household=plain.pk)
    marks = rounds.marks_of(found)
    rows = rounds.results(found, [(home, marks.get(home.pk)) for home in (desk.zhang, plain, away)])
    told = [(result, score) for _, _, result, score in rows]
    tier = next(one for one in rounds.outcomes(found) if one.key.endswith(":town"))
    tidy = desk.rule("tidy")
    assert told == [(f"{desk.rule('prize').title}：{tier.label}", "+4"), (tidy.title, "+2"), ("没有查", "—")]
    inspections.submit(inspection=found, by=desk.by)
    page = client_for(desk.steward).get(f"/village/inspections/{found.pk}/").content.decode()
    assert f"：{tier.label}" in page and "+4" in page


def test_households_that_nobody_looked_at_are_asked_about_first(
    desk: Desk, client_for: Callable[..., PageClient]
) -> None:
    found = _open(desk)
    desk.cast.household(name="王五")
    _mark(desk, found, "tidy")
    steward, address = client_for(desk.steward), f"/village/inspections/{found.pk}/"
    asked = steward.post(f"{address}submit/", {"sure": ""}, follow=True).content.decode()
    assert re.findall("还有[0-9]+户没有查", asked) == [f"还有{rounds.to_walk(found).count() - 1}户没有查"]
    assert 'name="sure" value="1"' in asked
    found.refresh_from_db()
    assert found.state == "open"
    steward.post(f"{address}submit/", {"sure": "1"})
    found.refresh_from_db()
    assert found.state == "submitted"


def test_another_villages_steward_finds_no_such_round(
    desk: Desk, client_for: Callable[..., PageClient], api_client: Callable[..., ApiClient]
) -> None:
    found = _open(desk)
    stranger = desk.cast.steward(village=desk.cast.village("白江洞村"))
    assert client_for(stranger).get(f"/village/inspections/{found.pk}/").status_code == 404
    assert api_client(stranger).post(f"/api/v1/inspections/{found.pk}/cancel/").status_code == 404
    found.refresh_from_db()
    assert found.state == "open"


def test_a_program_walks_a_round_from_end_to_end(desk: Desk, api_client: Callable[..., ApiClient]) -> None:
    steward, rule = api_client(desk.steward), desk.rule("tidy").pk
    form = {"village": desk.village.pk, "title": "检查", "place": "各户", "happened_on": f"{DAY}", "rules": [rule]}
    made = steward.post("/api/v1/inspections/", form).json()
    marks = {"marks": [{"household": desk.zhang.pk, "rule": rule, "made_at": _at(1).isoformat()}]}
    assert steward.post(f"/api/v1/inspections/{made['id']}/marks/", marks).json() == {"wrong": {}}
    assert steward.post(f"/api/v1/inspections/{made['id']}/submit/", {}).json()["state"] == "submitted"


def test_the_phone_keeps_the_page_while_the_inspection_is_open(
    desk: Desk, client_for: Callable[..., PageClient]
) -> None:
    found, browser = _open(desk), client_for(desk.steward)
    address = f"/village/inspections/{found.pk}/"
    page = browser.get(address)
    assert page.headers["X-Kept-Offline"] and 'data-worker="/village/inspections/worker.js"' in page.content.decode()
    _mark(desk, found, "tidy")
    inspections.submit(inspection=found, by=desk.by)
    assert "X-Kept-Offline" not in browser.get(address).headers


def test_the_worker_is_a_script_for_those_who_walk(desk: Desk, client_for: Callable[..., PageClient]) -> None:
    found = client_for(desk.steward).get("/village/inspections/worker.js")
    assert found.headers["Content-Type"].startswith("text/javascript") and "X-Kept-Offline" in found.content.decode()
    assert client_for(desk.cast.supervisor()).get("/village/inspections/worker.js").status_code == 403


def test_what_arrived_says_when(desk: Desk, client_for: Callable[..., PageClient]) -> None:
    found, before = _open(desk), clock.now()
    mark = {"household": desk.zhang.pk, "rule": desk.rule("tidy").pk, "made_at": int(_at(1).timestamp() * 1000)}
    address = f"/village/inspections/{found.pk}/marks/"
    told = client_for(desk.steward).post(address, json.dumps({"marks": [mark]}), content_type="application/json").json()
    assert told["wrong"] == {} and told["at"] >= int(before.timestamp() * 1000)
