"""An activity: people sign in by code or by hand, one act credits everyone present."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jifen.kernel.actors import Actor
from scoring import errors, round_errors
from scoring.models import Activity, Attendance, Declaration
from scoring.services import activities
from tests.clients import ApiClient, PageClient
from tests.scoring.desk import DAY, NOW, Desk, last_year, switch_off

TODAY = NOW


def _open(desk: Desk, code: str = "help", **more: Any) -> Activity:
    terms: dict[str, Any] = {"title": "义务植树", "place": "后山", "happened_on": TODAY, "facts": {}, "by": desk.by}
    return activities.open_activity(village=desk.village, rule=desk.rule(code), **terms | more)


def test_everyone_present_is_credited_in_one_act(desk: Desk) -> None:
    found, daughter = _open(desk), desk.cast.member(desk.zhang)
    activities.sign_by_hand(activity=found, residents=[desk.head().pk, daughter.pk], by=desk.by)
    done = activities.submit(activity=found, by=desk.by)
    deeds = Declaration.objects.filter(batch=done.batch)
    assert {(deed.resident_id, deed.points) for deed in deeds} == {
        (desk.head().pk, Decimal(5)), (daughter.pk, Decimal(5)),
    }  # fmt: skip


def test_a_households_rule_credits_each_household_once(desk: Desk) -> None:
    found, daughter = _open(desk, "trees", facts={"quantity": "2"}), desk.cast.member(desk.zhang)
    activities.sign_by_hand(activity=found, residents=[desk.head().pk, daughter.pk], by=desk.by)
    activities.submit(activity=found, by=desk.by)
    assert Declaration.objects.get().points == Decimal(6)


def test_a_villager_signs_in_by_the_code_once(desk: Desk, client_for: Callable[..., PageClient]) -> None:
    found, zhang = _open(desk), desk.cast.account(desk.head())
    page = client_for(zhang)
    for _ in range(2):
        assert "签到成功" in page.post(f"/activities/{found.secret}/").content.decode()
    assert Attendance.objects.get().way == "code"


def test_somebody_of_another_village_cannot_sign_in(desk: Desk, api_client: Callable[..., ApiClient]) -> None:
    found = _open(desk)
    home = desk.cast.household(name="外村人", village=desk.cast.village("白江洞村"))
    stranger = desk.cast.account(desk.head(home))
    answer = api_client(stranger).post("/api/v1/own-attendances/", {"code": found.secret})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_of_village")
    with pytest.raises(round_errors.NotOfVillage):
        activities.sign_by_hand(activity=found, residents=[desk.head().pk, desk.head(home).pk], by=desk.by)
    assert not Attendance.objects.exists()


def test_the_code_works_on_the_day_alone(desk: Desk) -> None:
    found = _open(desk, happened_on=TODAY.replace(month=1, day=2))
    by = Actor.of(desk.cast.account(desk.head()))
    with pytest.raises(round_errors.ActivityNotToday):
        activities.sign_in(activity=found, resident=desk.head(), by=by)


def test_a_wrong_code_leads_nowhere(desk: Desk, client_for: Callable[..., PageClient]) -> None:
    zhang = desk.cast.account(desk.head())
    assert client_for(zhang).get("/activities/nonsense/").status_code == 404


def test_somebody_who_was_not_there_is_struck_from_the_list(desk: Desk) -> None:
    found = _open(desk)
    activities.sign_by_hand(activity=found, residents=[desk.head().pk], by=desk.by)
    activities.strike(attendance=Attendance.objects.get(), by=desk.by)
    with pytest.raises(errors.BatchEmpty):
        activities.submit(activity=found, by=desk.by)


def test_what_is_handed_in_is_closed_to_all(desk: Desk) -> None:
    found = _open(desk)
    activities.sign_by_hand(activity=found, residents=[desk.head().pk], by=desk.by)
    activities.submit(activity=found, by=desk.by)
    with pytest.raises(round_errors.RoundOver):
        activities.sign_in(activity=found, resident=desk.head(), by=desk.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.update(state="open", batch=None, closed_at=None)
    assert Declaration.objects.count() == 1


def test_a_figure_the_rule_needs_is_asked_for_at_once(desk: Desk) -> None:
    with pytest.raises(errors.FactsMissing):
        _open(desk, "trees")
    with pytest.raises(errors.DeedInFuture):
        _open(desk, happened_on=TODAY + timedelta(days=1))
    assert not Activity.objects.exists()


def test_an_activity_of_a_sealed_year_is_refused_at_its_date(desk: Desk, client_for: Callable[..., PageClient]) -> None:
    last_year(desk, sealed=True)
    rule = desk.rule("help").pk
    form = {"rule": rule, "title": "清扫", "place": "村口", "happened_on": f"{DAY.replace(year=DAY.year - 1)}"}
    answer = client_for(desk.steward).post(f"/village/activities/new/?rule={rule}", form)
    assert answer.status_code == 422 and "happened_on" in answer.context["form"].errors
    assert not Activity.objects.exists()


def test_an_activity_takes_no_points_from_those_who_came(
    desk: Desk, client_for: Callable[..., PageClient], api_client: Callable[..., ApiClient]
) -> None:
    rule, address = desk.rule("litter").pk, "/village/activities/new/"
    offered = client_for(desk.steward).get(address).context["form"].fields["rule"].choices
    assert str(desk.rule("help").pk) in dict(offered) and str(rule) not in dict(offered)
    told = {"rule": rule, "title": "清扫", "place": "村口", "happened_on": f"{TODAY}"}
    page = client_for(desk.steward).post(f"{address}?rule={rule}", told)
    assert page.status_code == 422 and "“乱扔垃圾”是扣分的条目（或有扣分的档次）" in page.content.decode()
    answer = api_client(desk.steward).post("/api/v1/activities/", {**told, "village": desk.village.pk})
    assert (answer.status_code, answer.json()["code"]) == (422, "activity_deducts")
    assert not Activity.objects.exists()


def test_an_activity_of_a_rule_that_is_switched_off_is_refused(desk: Desk) -> None:
    rule = switch_off(desk, "help")
    told: dict[str, Any] = {"title": "清扫", "place": "村口", "happened_on": DAY, "facts": {}, "by": desk.by}
    with pytest.raises(round_errors.RoundRuleOff):
        activities.open_activity(village=desk.village, rule=rule, **told)
    assert not Activity.objects.exists()


def test_the_steward_opens_shows_ticks_and_hands_in(desk: Desk, client_for: Callable[..., PageClient]) -> None:
    page, rule = client_for(desk.steward), desk.rule("help").pk
    form = {"rule": rule, "title": "清扫", "place": "村口", "happened_on": TODAY}
    address = page.post(f"/village/activities/new/?rule={rule}", form)["Location"]
    assert "签到码" in page.get(address).content.decode()
    page.post(f"{address}sign/", {"resident": [desk.head().pk]})
    page.post(f"{address}submit/")
    assert Declaration.objects.get().reason == "清扫"
