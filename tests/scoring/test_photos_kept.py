"""A form that is refused keeps the photos that came with it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.files.models import File
from jifen.kernel.actors import Actor
from scoring.models import Declaration
from scoring.services import activities, inspections
from tests.scoring.desk import DAY, NOW, Desk, photo

Browser = Callable[..., Any]


def test_a_stewards_refused_record_keeps_its_photo_and_saves_it_the_next_time(desk: Desk, client_for: Browser) -> None:
    file, page = _photo_of(desk.steward), client_for(desk.steward)
    here = f"{reverse('scoring:record')}?household={desk.zhang.number}&rule={desk.rule_in_force('report').pk}"
    refused = page.post(here, _deed(place="", evidence=[file.pk]))
    assert refused.status_code == 422 and _kept(file) in refused.content.decode()
    assert page.post(here, _deed(evidence=[file.pk])).status_code == 302
    assert [one.file for one in Declaration.objects.get().evidence.all()] == [file]


def test_a_residents_refused_declaration_keeps_its_photo(desk: Desk, client_for: Browser) -> None:
    villager = desk.cast.villager(desk.zhang)
    file, here = _photo_of(villager), f"{reverse('scoring:declare')}?rule={desk.rule_in_force('tidy').pk}"
    refused = client_for(villager).post(here, _deed(reason="", evidence=[file.pk]))
    assert refused.status_code == 422
    assert _kept(file) in refused.content.decode() and "已上传 1 份" in refused.content.decode()


def test_a_service_that_refuses_keeps_the_photo_too(desk: Desk, client_for: Browser) -> None:
    villager = desk.cast.villager(desk.zhang)
    file, here = _photo_of(villager), f"{reverse('scoring:declare')}?rule={desk.rule_in_force('tidy').pk}"
    refused = client_for(villager).post(here, _deed(happened_on="2999-01-01", evidence=[file.pk]))
    assert refused.status_code == 422 and _kept(file) in refused.content.decode()


def test_a_refused_list_keeps_its_photo(desk: Desk, client_for: Browser) -> None:
    file, rule = _photo_of(desk.steward), desk.rule_in_force("tidy").pk
    form = {"rule": rule, "kind": "activity", "title": "义务劳动", "happened_on": f"{DAY}", "place": "村口"}
    refused = client_for(desk.steward).post(reverse("scoring:batch"), form | {"evidence": [file.pk]})
    assert refused.status_code == 422 and _kept(file) in refused.content.decode()


@pytest.mark.parametrize("kind", ["inspection", "activity"])
def test_a_round_that_cannot_be_handed_in_yet_keeps_its_photo(desk: Desk, client_for: Browser, kind: str) -> None:
    file, page = _photo_of(desk.steward), client_for(desk.steward)
    answer = page.post(_round(desk, kind), {"evidence": [file.pk]}, follow=True)
    assert "名单是空的" in answer.content.decode() and _kept(file) in answer.content.decode()


@pytest.mark.parametrize("state", ["expected", "refused"])
def test_a_photo_that_is_no_use_is_not_kept_and_says_so(desk: Desk, client_for: Browser, state: str) -> None:
    file = _photo_of(desk.steward, state)
    here = f"{reverse('scoring:record')}?household={desk.zhang.number}&rule={desk.rule_in_force('tidy').pk}"
    refused = client_for(desk.steward).post(here, _deed(evidence=[file.pk]))
    assert refused.status_code == 422 and "请重新上传" in refused.content.decode()
    assert _kept(file) not in refused.content.decode() and not Declaration.objects.exists()


def test_somebody_elses_photo_is_never_shown(desk: Desk, client_for: Browser) -> None:
    file = _photo_of(desk.officer)
    here = f"{reverse('scoring:record')}?household={desk.zhang.number}&rule={desk.rule_in_force('tidy').pk}"
    refused = client_for(desk.steward).post(here, _deed(place="", evidence=[file.pk]))
    assert _kept(file) not in refused.content.decode()


def _round(desk: Desk, kind: str) -> str:
    """The address where a round of nobody is handed in."""
    told: dict[str, Any] = {
        "village": desk.village,
        "title": "清扫",
        "place": "村口",
        "happened_on": NOW,
        "by": desk.by,
    }
    if kind == "activity":
        made = activities.open_activity(rule=desk.rule("help"), facts={}, **told)
        return reverse("scoring:act_on_activity", args=[made.pk, "submit"])
    walk = inspections.open_inspection(rules=[desk.rule("tidy").pk], **told)
    return reverse("scoring:end_inspection", args=[walk.pk, "submit"])


def _photo_of(user: Any, state: str = "ready") -> File:
    file, by = photo(state), Actor.of(user)
    File.objects.filter(pk=file.pk).update(**by.columns())
    return file


def _kept(file: File) -> str:
    return f'<input type="hidden" name="evidence" value="{file.pk}">'


def _deed(**more: Any) -> dict[str, Any]:
    return {"happened_on": f"{DAY}", "place": "村口", "reason": "见照片", "channel": "oral"} | more
