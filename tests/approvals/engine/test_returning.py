"""An item goes back, forward and to rest; a refused act changes nothing."""

from datetime import timedelta
from functools import partial

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import RoleGrant, SiteRole
from jifen.approvals import errors, selectors, services
from jifen.approvals.models import Item, ItemState, Stage
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from tests.approvals.engine.desk import Desk, step
from tests.approvals.engine.test_operations import refused


def test_back_to_an_earlier_step_all_runs_again(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.say(desk.start(step(jia), step(yi), step(bing)), jia, yi)
    services.send_back(item=item, to="甲", reason="时间不对", by=bing)
    assert desk.at(item) == ["甲"]
    assert desk.say(item, jia, yi, bing).state == ItemState.APPROVED
    assert item.stages.filter(state="void").count() == 2


def test_or_it_comes_straight_back(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.say(desk.start(step(jia), step(yi), step(bing, rerun="straight")), jia, yi)
    services.send_back(item=item, to="甲", reason="时间不对", by=bing)
    desk.say(item, jia)
    assert desk.at(item) == ["丙"]


def test_the_previous_step_is_the_last_one_done(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.say(desk.start(step(jia), step(yi, when="points > 100"), step(bing)), jia)
    services.send_back(item=item, reason="照片不清", by=bing)
    assert desk.at(item) == ["甲"]


def test_it_goes_back_only_to_what_was_done(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.say(desk.start(step(jia), step(yi), step(bing)), jia)
    for to in ("乙", "丙", "不存在"):
        refused(errors.NotReturnable, item, partial(services.send_back, item=item, to=to, reason="退", by=yi))
    refused(errors.ReasonMissing, item, lambda: services.send_back(item=item, reason="", by=yi))
    refused(errors.NotYours, item, lambda: services.send_back(item=item, reason="退", by=bing))


def test_the_starter_changes_it_and_hands_it_in_again(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.say(desk.start(step(jia, when="points < 10"), step(yi)), jia)
    services.send_back(item=item, to="starter", reason="分值不对", by=yi)
    assert list(selectors.returned_to(desk.starter)) == [item]
    refused(errors.NotOpen, item, lambda: desk.say(item, yi))
    refused(errors.NotStarter, item, lambda: services.resubmit(item=item, by=jia))
    services.resubmit(item=item, facts={"points": "50"}, by=desk.starter)
    assert (desk.deed.told, desk.at(item)) == (["returned"], ["乙"])


def test_what_the_system_started_has_no_starter_to_go_back_to(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia), by=SYSTEM)
    refused(errors.StarterIsSystem, item, lambda: services.send_back(item=item, to="starter", reason="退", by=jia))


def test_back_out_of_a_branch_all_branches_run_again(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    paths = [{"steps": [step(yi)]}, {"steps": [step(bing)]}]
    item = desk.say(desk.start(step(jia), {"kind": "parallel", "paths": paths}), jia, yi)
    assert desk.at(item) == ["丙"]
    services.send_back(item=item, to="甲", reason="不实", by=bing)
    desk.say(item, jia)
    assert desk.at(item) == ["乙", "丙"]


def test_an_administrator_jumps_with_a_reason(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    admin, item = desk.person("主任", SiteRole.TOWN_ADMIN), desk.start(step(jia), step(yi), step(bing))
    refused(errors.AdministratorOnly, item, lambda: services.jump(item=item, to="丙", reason="急", by=jia))
    refused(errors.StepUnknown, item, lambda: services.jump(item=item, to="丁", reason="急", by=admin))
    services.jump(item=item, to="丙", reason="急", by=admin)
    assert desk.at(item) == ["丙"]
    services.jump(item=item, to="甲", reason="重来", by=admin)
    assert desk.say(item, jia).state == ItemState.OPEN
    assert desk.at(item) == ["乙"]


def test_a_resting_item_keeps_its_time(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia, limit={"days": 2}))
    due = Stage.objects.get(item=item).due_at
    services.suspend(item=item, reason="等鉴定", by=jia)
    assert not selectors.work_of(jia.id).exists()
    refused(errors.NotOpen, item, lambda: desk.say(item, jia))
    Item.objects.filter(pk=item.pk).update(suspended_at=clock.now() - timedelta(days=5))
    services.wake(item=item, by=jia)
    moved = Stage.objects.get(item=item).due_at
    assert due is not None
    assert moved is not None
    assert timedelta(days=5) <= moved - due < timedelta(days=5, minutes=5)


def test_whose_turn_it_is_or_an_administrator_wakes_it(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.start(step(jia, yi), step(bing))
    refused(errors.WakeWrong, item, lambda: services.suspend(item=item, reason="等", until=clock.now(), by=jia))
    services.suspend(item=item, reason="等鉴定", by=jia)
    refused(errors.NotInvolved, item, lambda: services.wake(item=item, by=bing))
    assert services.wake(item=item, by=yi).state == ItemState.OPEN
    services.suspend(item=item, reason="等鉴定", by=jia)
    assert services.wake(item=item, by=SYSTEM).state == ItemState.OPEN


def test_who_let_it_rest_wakes_it_while_she_has_work_there(desk: Desk) -> None:
    """In order, it is 甲's turn; an administrator who has the second word let it rest and is none any more."""
    jia, yi = desk.person("甲"), desk.person("乙", SiteRole.TOWN_ADMIN)
    item = desk.start(step(jia, yi, how="in_order"))
    services.suspend(item=item, reason="等鉴定", by=yi)
    accounts.end_role(grant=RoleGrant.objects.get(user=yi.id), by=SYSTEM)
    assert services.wake(item=item, by=yi).state == ItemState.OPEN
    desk.say(item, jia, yi)
    item = desk.start(step(jia))
    services.suspend(item=item, reason="等鉴定", by=jia)
    services.hand_over(giver=jia.id, receiver=yi.id, by=jia)
    refused(errors.NotInvolved, item, lambda: services.wake(item=item, by=jia))
    assert services.wake(item=item, by=yi).state == ItemState.OPEN


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_a_branch_that_refuses_refuses_all(desk: Desk, verdict: str) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start({"kind": "parallel", "paths": [{"steps": [step(jia)]}, {"steps": [step(yi)]}]})
    desk.say(item, jia, verdict=verdict)
    item.refresh_from_db()
    assert item.state == ("open" if verdict == "approve" else "rejected")


def test_somebody_with_work_in_two_branches_says_which(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start({"kind": "parallel", "paths": [
        {"steps": [step(jia, name="左")]}, {"steps": [step(jia, name="右")]}]})  # fmt: skip
    services.decide(item=item, verdict="approve", step="右", by=jia)
    assert desk.at(item) == ["左"]
    assert desk.say(item, jia).state == ItemState.APPROVED
