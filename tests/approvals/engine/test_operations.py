"""What people can do with an item beside deciding; a refused act changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from jifen.accounts.models import SiteRole, User
from jifen.approvals import abilities, errors, selectors, services
from jifen.approvals.models import Item, ItemState
from jifen.audit.models import AuditRow
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from tests.approvals.engine.desk import Desk, fingerprint, names, step


def refused(error: type[JifenError], item: Item, act: Callable[[], Any]) -> JifenError:
    before = fingerprint(item)
    with pytest.raises(error) as told:
        act()
    assert fingerprint(item) == before
    return told.value


def test_each_operation_leaves_one_word_and_one_audit_line(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia))
    before = AuditRow.objects.count()
    services.transfer(item=item, to=yi.id, reason="出差", by=jia)
    assert [word.kind for word in item.words.order_by("pk")] == ["start", "transfer"]
    assert AuditRow.objects.count() == before + 1
    assert AuditRow.objects.latest("pk").action == "approval.transfer"


def test_who_gives_her_work_away_no_longer_decides(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia))
    services.transfer(item=item, to=yi.id, by=jia)
    refused(errors.NotYours, item, lambda: desk.say(item, jia))
    assert desk.say(item, yi).state == ItemState.APPROVED


def test_work_goes_only_to_somebody_who_may_have_it(desk: Desk) -> None:
    jia, yi, bing, ding = desk.people("甲", "乙", "丙", "丁")
    desk.deed.near = {bing.id}
    User.objects.filter(pk=ding.id).update(is_active=False)
    item = desk.start(step(jia, yi, how="all"))
    for to, error in ((yi, errors.PersonThere), (bing, errors.PersonBarred), (ding, errors.PersonUnknown)):
        refused(error, item, lambda to=to: services.transfer(item=item, to=to.id, by=jia))  # type: ignore[misc]
    refused(errors.NotYours, item, lambda: services.transfer(item=item, to=jia.id, by=desk.starter))


def test_nobody_without_a_say_is_brought_in(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    desk.deed.silent = {yi.id}
    item = desk.start(step(jia))
    refused(errors.PersonHasNoSay, item, lambda: services.transfer(item=item, to=yi.id, by=jia))
    refused(errors.PersonHasNoSay, item, lambda: services.add(item=item, to=yi.id, where="before", by=jia))
    with pytest.raises(errors.ReceiverHasNoSay):
        now = clock.now()
        services.delegate(giver=jia.id, receiver=yi.id, from_at=now, until_at=now + timedelta(days=1), by=jia)
    done = services.hand_over(giver=jia.id, receiver=yi.id, by=jia)
    assert ([one.pk for one, _ in done.stayed], desk.turn(item)) == ([item.pk], {"甲"})


def test_whom_another_step_names_may_be_brought_in(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    desk.deed.silent = {yi.id}
    item = desk.start(step(jia), step(yi))
    services.transfer(item=item, to=yi.id, by=jia)
    assert desk.turn(item) == {"乙"}


@pytest.mark.parametrize("act", ["transfer", "add"])
def test_who_loses_her_say_before_she_speaks_is_not_heard(desk: Desk, act: str) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia))
    getattr(services, act)(item=item, to=yi.id, by=jia)
    desk.deed.silent = {yi.id}
    with pytest.raises(errors.NotYours):
        desk.say(item, yi)
    services.look()
    assert desk.turn(item) == {"甲"}


def test_what_a_leaver_did_for_another_is_the_others_again(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    now = clock.now()
    services.delegate(giver=jia.id, receiver=yi.id, from_at=now, until_at=now + timedelta(days=9), by=jia)
    others, own = desk.start(step(jia)), desk.start(step(yi))
    assert (desk.turn(others), desk.turn(own)) == ({"乙"}, {"乙"})
    done = services.hand_over(giver=yi.id, receiver=bing.id, by=yi)
    assert [one.pk for one in done.moved] == [own.pk]
    assert (desk.turn(others), desk.turn(own)) == ({"甲"}, {"丙"})


def test_what_was_done_for_a_leaver_goes_to_her_successor(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    now = clock.now()
    services.delegate(giver=jia.id, receiver=yi.id, from_at=now, until_at=now + timedelta(days=9), by=jia)
    item = desk.start(step(jia))
    done = services.hand_over(giver=jia.id, receiver=bing.id, by=jia)
    assert ([one.pk for one in done.moved], desk.turn(item)) == ([item.pk], {"丙"})


def test_who_did_it_for_a_leaver_goes_on_as_her_successor(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    now = clock.now()
    services.delegate(giver=jia.id, receiver=yi.id, from_at=now, until_at=now + timedelta(days=9), by=jia)
    item = desk.start(step(jia))
    done = services.hand_over(giver=jia.id, receiver=yi.id, by=jia)
    services.look()
    assert ([one.pk for one in done.moved], desk.turn(item)) == ([item.pk], {"乙"})


def test_a_delegate_who_loses_her_say_no_longer_stands_in(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    now = clock.now()
    services.delegate(giver=jia.id, receiver=yi.id, from_at=now, until_at=now + timedelta(days=1), by=jia)
    item = desk.start(step(jia))
    assert desk.turn(item) == {"乙"}
    desk.deed.silent = {yi.id}
    services.look()
    assert desk.turn(item) == {"甲"}


def test_one_asked_before_speaks_first(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = services.add(item=desk.start(step(jia)), to=yi.id, where="before", by=jia)
    assert desk.turn(item) == {"乙"}
    refused(errors.NotYours, item, lambda: desk.say(item, jia))
    desk.say(item, yi)
    assert desk.turn(item) == {"甲"}
    assert desk.say(item, jia).state == ItemState.APPROVED


def test_one_asked_after_speaks_last(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = services.add(item=desk.start(step(jia)), to=yi.id, where="after", by=jia)
    assert desk.say(item, jia).state == ItemState.OPEN
    assert desk.turn(item) == {"乙"}
    assert desk.say(item, yi, verdict="reject").state == ItemState.REJECTED


def test_one_asked_beside_has_a_vote(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.add(item=desk.start(step(jia, yi, how="all")), to=bing.id, where="beside", by=jia)
    assert desk.say(item, jia, yi).state == ItemState.OPEN
    assert desk.say(item, bing).state == ItemState.APPROVED


def test_who_was_added_can_be_removed_by_who_added_her(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.add(item=desk.start(step(jia, yi, how="all")), to=bing.id, by=jia)
    refused(errors.NotInvolved, item, lambda: services.remove(item=item, user=bing.id, by=yi))
    refused(errors.NotAdded, item, lambda: services.remove(item=item, user=yi.id, by=jia))
    services.remove(item=item, user=bing.id, by=jia)
    assert desk.say(item, jia, yi).state == ItemState.APPROVED


def test_who_claims_an_item_does_it_alone(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = services.claim(item=desk.start(step(jia, yi)), by=jia)
    assert desk.turn(item) == {"甲"}
    refused(errors.AlreadyClaimed, item, lambda: services.claim(item=item, by=yi))
    told = refused(errors.AlreadyClaimed, item, lambda: desk.say(item, yi))
    assert "由甲认领了" in told.message
    refused(errors.NotClaimed, item, lambda: services.release(item=item, by=yi))
    services.release(item=item, by=jia)
    assert desk.say(item, yi).state == ItemState.APPROVED


def test_what_takes_several_cannot_be_claimed(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia, yi, how="all"))
    refused(errors.NotClaimable, item, lambda: services.claim(item=item, by=jia))


def test_points_may_change_inside_the_range_and_are_put_to_all_again(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.say(desk.start(step(jia, yi, how="all")), jia)
    refused(errors.PointsWrong, item, lambda: approve_at(item, "11", yi))
    refused(errors.ReasonMissing, item, lambda: approve_at(item, "8", yi, reason=""))
    item = approve_at(item, "8", yi)
    assert (item.facts["points"], item.state, desk.turn(item)) == ("8", ItemState.OPEN, {"甲"})
    assert desk.say(item, jia).state == ItemState.APPROVED


def approve_at(item: Item, points: str, by: Actor, reason: str = "核减") -> Item:
    return services.decide(item=item, verdict="approve", points=Decimal(points), reason=reason, by=by)


def test_a_word_can_be_taken_back_until_somebody_goes_on(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.say(desk.start(step(jia), step(yi, bing, how="all")), jia)
    services.take_back(item=item, by=jia)
    assert (desk.at(item), desk.turn(item)) == (["甲"], {"甲"})
    desk.say(item, jia, yi)
    refused(errors.NotTakenBack, item, lambda: services.take_back(item=item, by=jia))
    refused(errors.NotYours, item, lambda: services.take_back(item=item, by=bing))


def test_a_word_stands_once_another_has_spoken_at_the_same_step(desk: Desk) -> None:
    """She approved what it is worth because of it."""
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.start(step(jia, yi, bing, how="all"))
    approve_at(item, "8", jia)
    assert may_take_back(item, jia)
    item = desk.say(item, yi)
    assert not may_take_back(item, jia) and may_take_back(item, yi)
    refused(errors.NotTakenBack, item, lambda: services.take_back(item=item, by=jia))
    services.take_back(item=item, by=yi)
    assert (desk.turn(item), Item.objects.get(pk=item.pk).facts["points"]) == ({"乙", "丙"}, "8")


def may_take_back(item: Item, by: Actor) -> bool:
    return "take_back" in abilities.of(item, User.objects.get(pk=by.id))


def test_another_path_does_not_hold_a_word(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    paths = [{"name": one.name, "steps": [step(one)]} for one in (jia, yi)]
    item = desk.start({"name": "分路", "kind": "parallel", "paths": paths}, step(desk.person("丙")))
    desk.say(item, jia)
    services.comment(item=item, text="看过了", by=jia)
    assert may_take_back(item, jia)
    services.take_back(item=item, by=jia)
    desk.say(item, jia, yi)
    assert desk.at(item) == ["丙"] and may_take_back(item, jia)


def test_who_must_stand_back_by_now_opens_nothing_again(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.say(desk.start(step(jia), step(yi)), jia)
    desk.deed.near = {jia.id}
    refused(errors.Recused, item, lambda: services.take_back(item=item, by=jia))
    assert not may_take_back(item, jia)


def test_many_are_decided_at_once_each_by_itself(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    items = [desk.start(step(jia)), desk.start(), desk.start(step(yi))]
    results = services.decide_many(items=items, verdict="approve", by=jia)
    assert [type(error).__name__ for _, error in results] == ["NoneType", "NoneType", "NotYours"]
    assert [Item.objects.get(pk=item.pk).state for item in items] == ["approved", "approved", "open"]


def test_whom_it_goes_past_is_neither_asked_nor_told(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    desk.deed.past = {yi.id}
    item = desk.start(step(jia, copy_to=[{"users": [yi.id, bing.id]}]))
    for act in (services.transfer, services.add, services.ask):
        said = {"text": "在场吗"} if act is services.ask else {}
        told = refused(errors.PersonPassedBy, item, lambda act=act, said=said: act(item=item, to=yi.id, by=jia, **said))  # type: ignore[misc]
        assert "乙" in told.message
    refused(errors.PersonPassedBy, item, lambda: services.copy(item=item, to=[bing.id, yi.id], by=jia))
    assert list(item.copies.values_list("user", flat=True)) == [bing.id]
    services.ask(item=item, to=bing.id, text="在场吗", by=jia)
    assert services.pass_on_questions(giver=bing.id, receiver=yi.id, by=SYSTEM) == []
    assert selectors.questions_for(bing.id).exists() and not selectors.questions_for(yi.id).exists()


def test_questions_are_asked_and_answered_by_who_was_asked(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.start(step(jia))
    refused(errors.NotInvolved, item, lambda: services.ask(item=item, to=yi.id, text="当时在场吗", by=bing))
    refused(errors.TextMissing, item, lambda: services.ask(item=item, to=yi.id, text=" ", by=jia))
    question = services.ask(item=item, to=yi.id, text="当时在场吗", by=jia)
    assert list(selectors.questions_for(yi.id)) == [question]
    refused(errors.QuestionUnknown, item, lambda: services.answer(question=question, text="在", by=bing))
    services.answer(question=question, text="在场", by=yi)
    refused(errors.QuestionUnknown, item, lambda: services.answer(question=question, text="不在", by=yi))
    assert not selectors.questions_for(yi.id).exists()


def test_copies_are_sent_once_and_marked_as_read(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia, copy_to={"users": [yi.id]}))
    services.copy(item=item, to=[yi.id], by=jia)
    [copy] = selectors.copies_for(yi.id)
    assert copy.read_at is None
    refused(errors.NotInvolved, item, lambda: services.mark_read(item=item, by=desk.person("旁人")))
    services.mark_read(item=item, by=yi)
    services.mark_read(item=item, by=yi)
    assert item.words.filter(kind="read").count() == 1


def test_comments_are_for_those_involved(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia))
    services.comment(item=item, text="请补一张照片", by=jia)
    refused(errors.NotInvolved, item, lambda: services.comment(item=item, text="我也说", by=desk.person("旁人")))


def test_reminders_are_counted_and_not_repeated_at_once(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = services.remind(item=desk.start(step(jia)), by=desk.starter)
    refused(errors.RemindedLately, item, lambda: services.remind(item=item, by=desk.starter))
    refused(errors.NotStarter, item, lambda: services.remind(item=item, by=jia))
    Item.objects.filter(pk=item.pk).update(reminded_at=clock.now() - services.talking.REMIND_EVERY)
    assert services.remind(item=item, by=desk.starter).reminders == 2


def test_only_the_starter_takes_an_item_back(desk: Desk) -> None:
    [jia] = desk.people("甲")
    admin, item = desk.person("主任", SiteRole.TOWN_ADMIN), desk.start(step(jia))
    refused(errors.NotStarter, item, lambda: services.withdraw(item=item, by=jia))
    told = refused(errors.NotStarter, item, lambda: services.withdraw(item=item, reason="重复", by=admin))
    assert "请用“终止”" in told.message
    assert "withdraw" not in abilities.of(item, User.objects.get(pk=admin.id))
    services.withdraw(item=item, by=desk.starter)
    assert desk.deed.told == ["withdrawn"]


def test_an_administrator_ends_what_does_not_concern_her(desk: Desk) -> None:
    [jia] = desk.people("甲")
    admin, item = desk.person("主任", SiteRole.TOWN_ADMIN), desk.start(step(jia))
    refused(errors.AdministratorOnly, item, lambda: services.terminate(item=item, reason="重复", by=jia))
    refused(errors.ReasonMissing, item, lambda: services.terminate(item=item, reason="", by=admin))
    desk.deed.near = {admin.id}
    refused(errors.Recused, item, lambda: services.terminate(item=item, reason="重复", by=admin))
    desk.deed.near = set()
    assert services.terminate(item=item, reason="重复", by=admin).state == ItemState.TERMINATED
    assert selectors.last_reason(item) == "重复"


def test_nothing_is_done_to_an_item_that_is_over(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.say(desk.start(step(jia)), jia)
    for act in (
        lambda: services.transfer(item=item, to=yi.id, by=jia), lambda: services.take_back(item=item, by=jia),
        lambda: services.terminate(item=item, reason="晚了", by=SYSTEM), lambda: services.remind(item=item, by=SYSTEM),
        lambda: services.jump(item=item, to="甲", reason="晚了", by=SYSTEM),
        lambda: services.ask(item=item, to=yi.id, text="?", by=jia),
    ):  # fmt: skip
        refused(errors.Finished, item, act)
    assert names(item, "active", "waiting", "claimed") == set()


def test_people_learn_of_new_work_once_a_day_and_of_the_rest_each_time(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    desk.start(step(jia))
    item = desk.start()
    assert titles(jia) == ["您有新的待办：登记"]
    assert Message.objects.get(user=jia.id).body == "登记第1号、登记第2号"
    services.transfer(item=item, to=yi.id, by=jia)
    services.remind(item=item, by=desk.starter)
    assert titles(yi) == ["转到您这里办理：登记第2号", "催办：登记第2号"]
    desk.say(item, yi)
    assert titles(desk.starter) == ["已同意：登记第2号"]


def titles(person: Actor) -> list[str]:
    return list(Message.objects.filter(user=person.id).order_by("pk").values_list("title", flat=True))
