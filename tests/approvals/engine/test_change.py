"""A flow changes while items are under way."""

from datetime import timedelta

import pytest

from jifen.accounts.models import SiteRole
from jifen.approvals import errors, registry, services
from jifen.approvals.definition import Definition, parse
from jifen.approvals.models import Activation, Flow, Item, ItemState, Stage
from jifen.approvals.services import returning
from jifen.clocks.models import Due
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import InvalidInput
from tests.approvals.engine.desk import Deed, Desk, fingerprint, step
from tests.approvals.engine.test_operations import refused


def newer(*steps: dict[str, object]) -> Flow:
    return services.save(subject_kind="deed", steps=steps, by=SYSTEM)


def test_a_saved_version_is_not_in_force(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    desk.install(step(jia))
    newer(step(yi))
    assert desk.turn(desk.start()) == {"甲"}


def test_running_items_finish_on_theirs(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia))
    services.activate(flow=newer(step(yi)), running="finish", by=SYSTEM)
    assert desk.turn(desk.start()) == {"乙"}
    assert desk.say(item, jia).state == ItemState.APPROVED


def test_the_preview_says_where_each_lands_and_what_cannot_move(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    first = desk.start(step(jia), step(yi))
    second, third = desk.say(desk.start(), jia), desk.start()
    services.suspend(item=third, reason="等", by=SYSTEM)
    told = services.preview_move(newer(step(bing), step(jia)))
    assert [(one.item.pk, one.now, one.steps, one.people) for one in told[:2]] == [
        (first.pk, ("甲",), ("丙",), (bing.id,)), (second.pk, ("乙",), ("丙",), (bing.id,))]  # fmt: skip
    assert (told[2].can_move, "暂停" in told[2].problem) == (False, True)


def test_a_preview_changes_nothing(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia))
    flow = newer(step(yi))
    before = Item.objects.filter(pk=item.pk).values().get()
    services.preview_move(flow)
    assert Item.objects.filter(pk=item.pk).values().get() == before
    assert desk.turn(item) == {"甲"}


def test_moved_items_keep_what_was_done_under_the_same_name(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.say(desk.start(step(jia), step(yi)), jia)
    made = services.activate(flow=newer(step(jia), step(bing), step(yi)), running="move", by=SYSTEM)
    item.refresh_from_db()
    assert (made.moved, item.flow_id, desk.turn(item)) == (1, made.flow_id, {"丙"})
    assert item.words.get(kind="move").data == {
        "before": 1, "after": 2, "state": "open", "steps": ["丙"]}  # fmt: skip
    assert desk.say(item, bing, yi).state == ItemState.APPROVED


def test_words_at_a_step_that_stays_are_kept(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.say(desk.start(step(jia, yi, name="会签", how="all")), jia)
    services.activate(flow=newer(step(jia, bing, name="会签", how="all")), running="move", by=SYSTEM)
    assert desk.turn(item) == {"丙"}
    assert desk.say(item, bing).state == ItemState.APPROVED


@pytest.mark.parametrize(
    ("before", "after", "days"), [(1, 30, 30), (30, 2, 2), (None, 2, 2), (2, None, None), (3, 3, 1)]
)
def test_another_time_limit_runs_from_the_move_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, before: int | None, after: int | None, days: int | None
) -> None:
    jia, begun_at = desk.person("甲"), clock.now()
    moved_at = begun_at + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: begun_at)
    item = desk.start(step(jia) | _limit(before))
    monkeypatch.setattr(clock, "now", lambda: moved_at)
    services.activate(flow=newer(step(jia) | _limit(after)), running="move", by=SYSTEM)
    due = Stage.objects.get(item=item, state="active").due_at
    assert (due and (due - moved_at).days) == days
    planned = Due.objects.filter(kind="approvals.due", due_at__gte=due) if due else Due.objects.none()
    assert planned.exists() == (days is not None)


def test_a_move_keeps_what_an_administrator_has_passed_over(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    admin = desk.person("管理员", SiteRole.TOWN_ADMIN)
    steps = [step(jia), step(yi), step(bing)]
    first, second = desk.start(*steps), desk.start()
    for item in (first, second):
        services.jump(item=item, to="丙", reason="急办", by=admin)
    services.send_back(item=second, to=returning.STARTER, reason="补", by=bing)
    services.activate(flow=newer(*steps[:2], step(bing) | _limit(3)), running="move", by=SYSTEM)
    assert desk.turn(first) == {"丙"}
    services.resubmit(item=second, by=desk.starter)
    assert desk.turn(second) == {"甲"}


def _limit(days: int | None) -> dict[str, object]:
    return {"limit": {"days": days, "then": "refuse"}} if days else {}


def test_moving_decides_nothing(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item, blocked = desk.say(desk.start(step(jia), step(yi)), jia), desk.start()
    desk.deed.near = {yi.id}
    made = services.activate(flow=newer(step(jia)), running="move", by=SYSTEM)
    item.refresh_from_db()
    blocked.refresh_from_db()
    assert (item.state, item.flow.version, blocked.flow.version, made.moved) == ("open", 1, 2, 1)
    [kept] = services.preview_move(made.flow)
    assert "按原流程" in kept.problem


def kept_on_the_old(item: Item, flow: Flow, why: str) -> Item:
    """The preview names it as what cannot move; a move leaves it as it is."""
    [told] = services.preview_move(flow)
    before = fingerprint(item)
    services.activate(flow=flow, running="move", by=SYSTEM)
    item = Item.objects.get(pk=item.pk)
    assert (told.can_move, why in told.problem, fingerprint(item)) == (False, True, before)
    assert item.flow_id != flow.pk
    return item


def test_words_said_already_never_approve_by_a_move(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.say(desk.start(step(jia, yi, name="会签", how="all")), jia)
    kept_on_the_old(item, newer(step(jia, yi, name="会签")), "等于同意")
    assert desk.say(item, yi).state == ItemState.APPROVED
    assert desk.deed.endings == {item.pk: ["approved"]}


def test_words_said_already_never_refuse_by_a_move(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    half = {"how": "quorum", "quorum": {"count": 2}}
    item = desk.say(desk.start(step(jia, yi, bing, name="会签", **half)), jia, verdict="reject")
    kept_on_the_old(item, newer(step(jia, yi, bing, name="会签", how="all")), "等于不同意")
    assert desk.say(item, yi, bing).state == ItemState.APPROVED


def test_an_item_walks_on_over_a_step_that_its_words_fulfil(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.say(desk.start(step(jia, yi, name="会签", how="all"), step(bing)), jia)
    flow = newer(step(jia, yi, name="会签"), step(bing))
    [told] = services.preview_move(flow)
    services.activate(flow=flow, running="move", by=SYSTEM)
    assert (told.steps, told.people, desk.turn(item)) == (("丙",), (bing.id,), {"丙"})


def test_an_item_does_not_walk_on_to_where_nobody_is(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = desk.say(desk.start(step(jia, yi, name="会签", how="all"), step(bing)), jia)
    desk.deed.near = {bing.id}
    kept_on_the_old(item, newer(step(jia, yi, name="会签"), step(bing)), "“丙”没有能办理的人")


def test_handing_in_again_does_not_decide_what_a_move_left_undone(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.say(desk.start(step(jia), step(yi, rerun="straight")), jia)
    services.send_back(item=item, to="starter", reason="缺照片", by=yi)
    kept_on_the_old(item, newer(step(jia)), "等于同意")


def test_a_seat_weighs_what_the_new_version_says(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    votes = {"name": "会签", "how": "quorum", "quorum": {"count": 3}}
    seats = [{"user": one.id} for one in (jia, yi, bing)]
    item = desk.say(desk.start({**votes, "who": seats}), jia)
    services.activate(flow=newer({**votes, "who": [{**seats[0], "weight": 2}, *seats[1:]]}), running="move", by=SYSTEM)
    assert desk.say(item, yi).state == ItemState.APPROVED


def test_a_town_that_chose_none_has_the_kinds_own_flow(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    [jia] = desk.people("甲")
    with pytest.raises(errors.FlowMissing):
        services.active_flow("deed")

    def standard(self: Deed) -> Definition:
        return parse([step(jia)])

    monkeypatch.setattr(Deed, "standard", standard)
    assert services.active_flow("deed") == services.active_flow("deed")
    assert (desk.turn(desk.start()), Activation.objects.count()) == ({"甲"}, 1)


def test_a_wrong_version_is_not_saved(desk: Desk) -> None:
    [jia] = desk.people("甲")
    for wrong in ([], [step(jia, when="price > 1")], [step(jia, how="both")]):
        with pytest.raises(InvalidInput):
            services.save(subject_kind="deed", steps=wrong, by=SYSTEM)
    assert not Flow.objects.filter(subject_kind="deed").exists()


def test_the_room_is_asked_by_its_kind(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia))
    assert [kind.kind for kind in registry.kinds()] == ["deed"]
    refused(errors.AlreadyStarted, item, lambda: services.start(
        subject_kind="deed", subject_id=item.subject_id, village_id=None, facts={}, by=SYSTEM))  # fmt: skip
