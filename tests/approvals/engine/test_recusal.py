"""Who must stand back, who stands in, and who is asked when nobody is there."""

from datetime import timedelta

import pytest

from jifen.accounts.models import SiteRole
from jifen.approvals import errors, selectors, services, verify
from jifen.approvals.models import Assignment, Delegation, ItemState
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from tests.approvals.engine.desk import Desk, names, step, vote
from tests.approvals.engine.test_operations import refused


def with_substitute(seat: Actor, spare: Actor, **more: object) -> dict[str, object]:
    who = {"users": [seat.id], "substitute": {"users": [spare.id]}}
    return {"name": seat.name, "who": who} | more


def test_the_substitute_steps_in_and_it_is_seen(desk: Desk) -> None:
    jia, yi = desk.people("甲", "候补")
    desk.deed.near = {jia.id}
    item = desk.start(with_substitute(jia, yi))
    refused(errors.Recused, item, lambda: desk.say(item, jia))
    [away] = selectors.recused(item)
    stand_in = Assignment.objects.get(user=yi.id)
    assert (away.user_id, stand_in.holder_id, stand_in.origin) == (jia.id, jia.id, "substitute")
    assert desk.say(item, yi).state == ItemState.APPROVED


def test_the_substitute_is_not_asked_otherwise(desk: Desk) -> None:
    jia, yi = desk.people("甲", "候补")
    item = desk.start(with_substitute(jia, yi))
    refused(errors.NotYours, item, lambda: desk.say(item, yi))


def test_whoever_is_named_as_her_own_substitute_is_asked(desk: Desk) -> None:
    [jia] = desk.people("甲")
    assert desk.turn(desk.start(with_substitute(jia, jia))) == {"甲"}


def test_a_quorum_is_counted_without_the_recused(desk: Desk) -> None:
    people = desk.people("甲", "乙", "丙", "丁", "戊")
    desk.deed.near = {people[0].id, people[1].id}
    item = desk.say(desk.start(vote(*people)), people[2])
    assert item.state == ItemState.OPEN
    assert desk.say(item, people[3]).state == ItemState.APPROVED


def test_a_relation_declared_in_between_takes_the_work_away(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia, yi))
    desk.deed.near = {jia.id}
    refused(errors.Recused, item, lambda: desk.say(item, jia))
    refused(errors.Recused, item, lambda: services.transfer(item=item, to=desk.person("丙").id, by=jia))
    desk.say(item, yi)
    assert desk.deed.told == ["approved"]


def test_a_barred_delegate_does_not_stand_in(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    away(desk, jia, yi)
    assert desk.turn(desk.start(step(jia))) == {"乙"}
    desk.deed.near = {yi.id}
    assert desk.turn(desk.start()) == {"甲"}


def test_what_is_delegated_while_an_item_rests_is_the_delegates_when_it_wakes(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia))
    services.suspend(item=item, reason="等材料", by=jia)
    away(desk, jia, yi)
    services.wake(item=item, by=jia)
    assert desk.turn(item) == {"乙"}


def away(desk: Desk, giver: Actor, receiver: Actor, days: int = 3) -> None:
    now = clock.now()
    services.delegate(giver=giver.id, receiver=receiver.id, from_at=now, until_at=now + timedelta(days=days), by=giver)


def test_work_follows_the_delegation_and_comes_back(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.start(step(jia))
    away(desk, jia, yi)
    away(desk, yi, bing)
    assert desk.turn(item) == {"丙"}
    [row] = Delegation.objects.filter(giver=jia.id)
    services.revoke(delegation=row, by=jia)
    assert desk.turn(item) == {"甲"}
    with pytest.raises(errors.DelegationOver):
        services.revoke(delegation=row, by=jia)


def test_a_delegation_is_given_by_the_giver_once_and_in_no_circle(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    away(desk, jia, yi)
    now = clock.now()
    wrong = [
        (errors.DelegationTwice, jia, bing, jia, 1), (errors.DelegationToSelf, yi, jia, yi, 1),
        (errors.DelegationToSelf, bing, bing, bing, 1), (errors.NotInvolved, yi, bing, bing, 1),
        (errors.DelegationDates, bing, yi, bing, -1),
    ]  # fmt: skip
    for error, giver, receiver, by, days in wrong:
        with pytest.raises(error):
            services.delegate(
                giver=giver.id, receiver=receiver.id, from_at=now, until_at=now + timedelta(days=days), by=by
            )
    assert Delegation.objects.count() == 1


def test_everything_of_a_leaving_person_goes_over_in_one_act(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    first, second = desk.start(step(jia)), desk.start(step(jia, bing, how="all"), by=jia)
    done = services.hand_over(giver=jia.id, receiver=yi.id, reason="换届", by=jia)
    assert ([one.pk for one in done.moved], [one.pk for one in done.started]) == ([first.pk, second.pk], [second.pk])
    assert (desk.turn(first), desk.turn(second)) == ({"乙"}, {"乙", "丙"})
    second.refresh_from_db()
    assert second.starter_name == "乙"
    assert not selectors.work_of(jia.id).exists()


def test_work_of_a_resting_item_goes_over_too(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia))
    services.suspend(item=item, reason="等鉴定", by=jia)
    services.hand_over(giver=jia.id, receiver=yi.id, by=jia)
    assert (desk.turn(item), [check.code for check in verify.checks() if check.breaches()]) == ({"乙"}, [])
    services.wake(item=item, by=SYSTEM)
    assert desk.say(item, yi).state == ItemState.APPROVED


def test_what_the_successor_must_stand_back_from_stays_and_is_told(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia))
    desk.deed.near = {yi.id}
    done = services.hand_over(giver=jia.id, receiver=yi.id, by=jia)
    assert [(one.pk, "回避" in why) for one, why in done.stayed] == [(item.pk, True)]
    with pytest.raises(errors.NotInvolved):
        services.hand_over(giver=jia.id, receiver=yi.id, by=yi)
    assert desk.turn(item) == {"甲"}


def test_with_nobody_there_the_step_is_skipped_goes_to_the_office_or_waits(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    officer = desk.person("经办", SiteRole.TOWN_OFFICER)
    desk.deed.near = {jia.id}
    skipped = desk.start(step(jia, empty="skip"), step(yi))
    office, blocked = desk.start(step(jia, empty="office")), desk.start(step(jia))
    assert (desk.at(skipped), desk.turn(office)) == (["乙"], {"经办"})
    assert [stage.item_id for stage in selectors.blocked()] == [blocked.pk]
    assert desk.say(office, officer).state == ItemState.APPROVED


def test_an_administrator_finds_somebody_for_a_step_without_people(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    desk.deed.near = {jia.id}
    item = desk.start(step(jia))
    refused(errors.NotYours, item, lambda: services.add(item=item, to=yi.id, by=yi))
    services.add(item=item, to=yi.id, by=SYSTEM)
    assert not selectors.blocked().exists()
    assert desk.say(item, yi).state == ItemState.APPROVED


def test_who_has_approved_already_is_not_asked_again(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia), step(jia, yi, name="复核", how="all", same_person="skip"))
    desk.say(item, jia)
    assert (desk.turn(item), names(item, "done")) == ({"乙"}, {"甲"})
    assert item.words.get(kind="skip").speaker_id == jia.id


def test_who_has_approved_on_one_way_of_a_fork_is_not_asked_on_the_other(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    other = step(jia, yi, name="会签", how="all", same_person="skip")
    item = desk.start({"name": "分路", "kind": "parallel", "paths": [{"steps": [step(jia)]}, {"steps": [other]}]})
    services.decide(item=item, verdict="approve", step=item.stages.get(name="甲").key, by=jia)
    assert (desk.at(item), desk.turn(item), names(item, "done")) == (["会签"], {"乙"}, {"甲"})
    services.take_back(item=item, by=jia)
    assert (set(desk.at(item)), desk.turn(item)) == ({"甲", "会签"}, {"甲", "乙"})
    assert names(item, "done") == set()
    services.decide(item=item, verdict="approve", step=item.stages.get(name="甲").key, by=jia)
    assert desk.say(item, yi).state == ItemState.APPROVED


def test_what_was_said_on_beside_a_spared_word_keeps_it(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    other = [step(jia, name="会签", same_person="skip"), step(yi, bing, how="all")]
    fork = {"name": "分路", "kind": "parallel", "paths": [{"steps": [step(jia)]}, {"steps": other}]}
    item = desk.start(fork, step(bing))
    services.decide(item=item, verdict="approve", step=item.stages.get(name="甲").key, by=jia)
    assert desk.turn(item) == {"乙", "丙"}
    desk.say(item, yi)
    refused(errors.NotTakenBack, item, lambda: services.take_back(item=item, by=jia))


def test_people_are_found_in_the_subjects_own_field_and_above_the_starter(desk: Desk) -> None:
    jia, officer = desk.person("甲"), desk.person("经办", SiteRole.TOWN_OFFICER)
    admin = desk.person("主任", SiteRole.TOWN_ADMIN)
    desk.deed.named = {jia.id}
    field, above = {"name": "核查", "who": {"field": "investigators"}}, {"name": "上级", "who": {"superior": True}}
    item = desk.start(field, above, by=officer)
    desk.say(item, jia)
    assert desk.turn(item) == {"主任"}
    assert desk.say(item, admin).state == ItemState.APPROVED
