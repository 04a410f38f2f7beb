"""Who claims an item does it alone, but for those she or the time brings in."""

from datetime import timedelta
from typing import Any

import pytest

from jifen.accounts.models import SiteRole, User
from jifen.approvals import abilities, errors, services
from jifen.approvals.models import Assignment, Item, ItemState
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from tests.approvals.engine.desk import Desk, step
from tests.approvals.engine.test_operations import refused
from tests.approvals.engine.test_time import late, limit


def test_one_asked_before_speaks_before_who_claimed_it(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.claim(item=desk.start(step(jia, yi)), by=jia)
    services.add(item=item, to=bing.id, where="before", by=jia)
    assert desk.turn(item) == {"丙"}
    refused(errors.NotYours, item, lambda: desk.say(item, jia))
    refused(errors.AlreadyClaimed, item, lambda: desk.say(item, yi))
    desk.say(item, bing)
    assert desk.turn(item) == {"甲"}
    refused(errors.AlreadyClaimed, item, lambda: desk.say(item, yi))
    assert desk.say(item, jia).state == ItemState.APPROVED


def test_one_asked_after_speaks_before_the_item_goes_on(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.claim(item=desk.start(step(jia, yi)), by=jia)
    services.add(item=item, to=bing.id, where="after", by=jia)
    assert (desk.say(item, jia).state, desk.turn(item)) == (ItemState.OPEN, {"丙"})
    refused(errors.AlreadyClaimed, item, lambda: desk.say(item, yi))
    assert desk.say(item, bing).state == ItemState.APPROVED


@pytest.mark.parametrize("ahead", [0, 2])
def test_the_claim_of_somebody_who_is_away_holds_up_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.claim(item=desk.start(step(jia, yi, bing)), by=jia)
    since = clock.now() + timedelta(days=ahead)
    until = since + timedelta(days=3)
    services.delegate(giver=jia.id, receiver=yi.id, from_at=since, until_at=until, by=jia)
    if ahead:
        assert desk.turn(item) == {"甲"}
        monkeypatch.setattr(clock, "now", lambda: since + timedelta(hours=1))
        services.sweep()
    assert desk.turn(item) == {"甲", "乙", "丙"}
    assert item.words.get(kind="release").text == "已请人代理，认领放回"
    assert desk.say(item, yi).state == ItemState.APPROVED


def test_one_asked_beside_has_her_turn_too(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.claim(item=desk.start(step(jia, yi)), by=jia)
    services.add(item=item, to=bing.id, where="beside", by=jia)
    assert desk.turn(item) == {"甲", "丙"}
    assert "claim" not in abilities.of(item, User.objects.get(pk=bing.id))
    refused(errors.AlreadyClaimed, item, lambda: services.claim(item=item, by=bing))
    assert desk.say(item, bing).state == ItemState.APPROVED


def test_whoever_was_asked_before_a_claim_keeps_her_turn(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.add(item=desk.start(step(jia, yi)), to=bing.id, where="before", by=yi)
    services.claim(item=item, by=jia)
    assert desk.turn(item) == {"甲", "丙"}
    desk.say(item, bing)
    assert desk.turn(item) == {"甲"}


@pytest.mark.parametrize("gone", ["removed", "silent"])
def test_the_claim_comes_back_from_who_was_asked_first(desk: Desk, gone: str) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.claim(item=desk.start(step(jia, yi)), by=jia)
    services.add(item=item, to=bing.id, where="before", by=jia)
    if gone == "removed":
        services.remove(item=item, user=bing.id, by=jia)
    else:
        desk.deed.silent = {bing.id}
        services.look()
    assert claimed(item) == ["甲"]
    services.release(item=item, by=jia)
    assert desk.turn(item) == {"甲", "乙"}


def claimed(item: Item) -> list[str]:
    rows = Assignment.objects.filter(stage__item=item, stage__state="active", state="claimed")
    return list(rows.values_list("user__display_name", flat=True))


def test_two_claims_of_two_paths_do_not_meet(desk: Desk) -> None:
    jia, yi, bing, ding = desk.people("甲", "乙", "丙", "丁")
    paths = [{"name": "左", "steps": [step(jia, yi)]}, {"name": "右", "steps": [step(bing, ding)]}]
    item = desk.start({"name": "分路", "kind": "parallel", "paths": paths})
    services.claim(item=item, by=jia)
    services.claim(item=item, by=bing)
    assert desk.turn(item) == {"甲", "丙"}


@pytest.mark.parametrize("how", ["limit", "room"])
def test_those_above_may_decide_what_somebody_has_claimed(desk: Desk, how: str) -> None:
    jia, yi = desk.people("甲", "乙")
    officer = desk.person("经办", SiteRole.TOWN_OFFICER)
    item = services.claim(item=desk.start(step(jia, yi, **limit("escalate"))), by=jia)
    escalate(item, how)
    assert desk.turn(item) == {"甲", "乙", "经办"}
    released = item.words.get(kind="release")
    assert (released.actor_realm, released.to_id) == (SYSTEM.realm, jia.id)
    assert Message.objects.filter(user=jia.id, title__startswith="认领已放回").exists()
    services.claim(item=item, by=jia)
    assert desk.turn(item) == {"甲", "经办"}
    assert desk.say(item, officer).state == ItemState.APPROVED


def escalate(item: Item, how: str) -> Any:
    if how == "room":
        return services.escalate(item=item, reason="超过答复期限")
    return services.sweep(now=late(item))


def test_who_was_asked_first_keeps_her_place_when_the_asker_is_away(desk: Desk) -> None:
    """Whoever stands in sits where the absent one sat."""
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.add(item=desk.start(step(jia)), to=yi.id, where="before", by=jia)
    services.add(item=item, to=bing.id, where="after", by=yi)
    desk.say(item, yi)
    User.objects.filter(pk=jia.id).update(is_active=False)
    services.look()
    User.objects.filter(pk=jia.id).update(is_active=True)
    services.look()
    assert desk.turn(item) == {"丙"}
