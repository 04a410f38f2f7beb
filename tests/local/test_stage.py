"""The tests' own stage: what one test does to a scene, the next does not see."""

import pytest

from jifen.accounts.models import User
from jifen.kernel.actors import Actor
from jifen.kernel.database import connection
from jifen.kernel.identity import id_number_problem
from scoring.models import Declaration
from tenants.community.models import Village
from tenants.models import Town
from tests.cast import id_number
from tests.scoring.desk import Desk
from tests.stage import stage


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_does_is_gone_for_the_next(ready_desk: Desk, turn: str) -> None:
    assert not Declaration.objects.exists()
    assert ready_desk.village.name == Village.objects.get().name == "石岭岗村"
    ready_desk.record("tidy")
    ready_desk.village.name = turn
    ready_desk.village.save()


def test_a_copy_is_as_good_as_the_scene(ready_desk: Desk) -> None:
    assert (stage.name, stage.scene is ready_desk, ready_desk.zhang == stage.scene.zhang) == ("ready_desk", False, True)
    assert Actor.of(ready_desk.steward) == stage.scene.by


def test_a_test_without_a_scene_finds_an_empty_town(town: Town) -> None:
    assert (stage.name, Village.objects.exists()) == ("", False)


def test_a_scene_stands_until_another_is_asked_for(db: None) -> None:
    stage.show("ready_desk")
    before = stage.scene
    stage.show("ready_desk")
    assert stage.scene is before and stage.copy("ready_market") is None
    stage.show("ready_market")
    assert stage.copy("ready_market") is not None and stage.copy("ready_desk") is None
    stage.strike()
    assert connection.in_atomic_block and not User.objects.exists()


def test_whoever_comes_to_a_scene_that_stands_long_is_somebody_new() -> None:
    found = [id_number() for _ in range(2000)]
    assert len(set(found)) == len(found) and not [one for one in found if id_number_problem(one)]
