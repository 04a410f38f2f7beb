"""What time brings to items on their way."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import RoleGrant, SiteRole, User
from jifen.approvals import errors, selectors, services
from jifen.approvals.models import Item, ItemState, Stage
from jifen.clocks import jobs, offset
from jifen.clocks import services as clocks
from jifen.clocks.models import Due
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import JifenError
from jifen.kernel.tenancy import outside
from tests.approvals.engine.desk import Desk, step


def late(item: Item) -> datetime:
    """A moment at which its step is overdue."""
    due = Stage.objects.get(item=item, state="active").due_at
    assert due is not None
    return due + timedelta(minutes=1)


def limit(then: str, **more: Any) -> dict[str, Any]:
    return {"limit": {"days": 2, "then": then} | more}


def test_before_its_time_nothing_happens(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia, **limit("refuse")))
    assert services.sweep(now=clock.now() + timedelta(days=1)) == 0
    assert desk.turn(item) == {"甲"}


@pytest.mark.parametrize(("then", "state"), [("pass", "approved"), ("refuse", "rejected"), ("return", "returned")])
def test_a_limit_decides_as_the_town_said(desk: Desk, then: str, state: str) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia, **limit(then)))
    assert services.sweep(now=late(item)) == 1
    item.refresh_from_db()
    assert (item.state, item.words.filter(kind="overdue").count()) == (state, 1)
    assert services.sweep(now=clock.now() + timedelta(days=9)) == 0


def test_a_reminder_is_repeated_until_somebody_acts(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia, **limit("remind")))
    for _ in range(3):
        services.sweep(now=late(item))
    assert (Stage.objects.get(item=item).overdue, desk.turn(item)) == (3, {"甲"})
    assert desk.say(item, jia).state == ItemState.APPROVED


def test_it_goes_up_the_line_where_one_is_enough(desk: Desk) -> None:
    [jia] = desk.people("甲")
    officer, item = desk.person("经办", SiteRole.TOWN_OFFICER), desk.start(step(jia, **limit("escalate")))
    services.sweep(now=late(item))
    assert desk.turn(item) == {"甲", "经办"}
    assert desk.say(item, officer).state == ItemState.APPROVED


@pytest.mark.parametrize("how", ["any", "all"])
def test_who_gave_the_work_away_once_gets_it_when_the_time_is_over(desk: Desk, how: str) -> None:
    jia, officer = desk.person("甲"), desk.person("经办", SiteRole.TOWN_OFFICER)
    item = desk.start(step(jia, how=how, **limit("escalate")))
    services.transfer(item=item, to=officer.id, by=jia)
    services.transfer(item=item, to=jia.id, by=officer)
    assert desk.turn(item) == {"甲"}
    services.sweep(now=late(item))
    assert desk.turn(item) == ({"甲", "经办"} if how == "any" else {"经办"})
    assert desk.say(item, officer).state == ItemState.APPROVED


def test_who_is_not_above_any_more_has_the_work_no_more(desk: Desk) -> None:
    jia = desk.person("甲")
    officer, item = desk.person("经办", SiteRole.TOWN_OFFICER), desk.start(step(jia, **limit("escalate")))
    services.sweep(now=late(item))
    accounts.end_role(grant=RoleGrant.objects.get(user=officer.id), by=SYSTEM)
    desk.deed.silent.add(officer.id)
    with pytest.raises(errors.NotYours):
        desk.say(item, officer)
    assert desk.say(item, jia).state == ItemState.APPROVED


def test_one_above_decides_for_all_who_have_not(desk: Desk) -> None:
    jia, yi, bing, above = desk.people("甲", "乙", "丙", "上级")
    escalated = limit("escalate", to={"users": [above.id]})
    item = desk.say(desk.start(step(jia, yi, bing, how="all", **escalated)), jia)
    services.sweep(now=late(item))
    assert desk.turn(item) == {"上级"}
    assert desk.say(item, above).state == ItemState.APPROVED


@pytest.mark.parametrize("how", ["all", "in_order", "quorum"])
def test_who_was_relieved_is_asked_again_when_nobody_above_is_left(desk: Desk, how: str) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    officer = desk.person("经办", SiteRole.TOWN_OFFICER)
    share: dict[str, Any] = {"quorum": {"numerator": 2, "denominator": 3}} if how == "quorum" else {}
    item = desk.say(desk.start(step(jia, yi, bing, how=how, **share, **limit("escalate"))), jia)
    services.sweep(now=late(item))
    assert desk.turn(item) == {"经办"}
    accounts.end_role(grant=RoleGrant.objects.get(user=officer.id), by=SYSTEM)
    desk.deed.silent.add(officer.id)
    services.look()
    assert desk.turn(item) == ({"乙"} if how == "in_order" else {"乙", "丙"})
    item = desk.say(item, yi)
    assert (desk.say(item, bing) if how != "quorum" else item).state == ItemState.APPROVED


def test_nobody_is_relieved_without_a_word(desk: Desk) -> None:
    """The office comes after those whom the step's own limit names."""
    jia, above, officer = desk.person("甲"), desk.person("上级"), desk.person("经办", SiteRole.TOWN_OFFICER)
    item = desk.start(step(jia, how="all", **limit("escalate", to={"users": [above.id]})))
    services.sweep(now=late(item))
    services.sweep(now=late(item))
    assert (desk.turn(item), relieved()) == ({"上级"}, ["甲"])
    services.escalate(item=item, reason="超过答复期限")
    assert (desk.turn(item), relieved()) == ({"经办"}, ["甲", "上级"])
    User.objects.filter(pk=officer.id).update(is_active=False)
    other = desk.person("李经办", SiteRole.TOWN_OFFICER)
    services.escalate(item=item, reason="超过答复期限")
    assert desk.say(item, other).state == ItemState.APPROVED


def relieved() -> list[str]:
    rows = Message.objects.filter(title__startswith="超过期限，已转上级办理").order_by("pk")
    return list(rows.values_list("user__display_name", flat=True))


def test_what_the_system_started_goes_back_one_step(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.say(desk.start(step(jia), step(yi, **limit("return")), by=SYSTEM), jia)
    services.sweep(now=late(item))
    assert desk.at(item) == ["甲"]


def test_a_resting_item_wakes_on_its_day_and_is_not_late_meanwhile(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia, **limit("refuse")))
    until = clock.now() + timedelta(days=9)
    services.suspend(item=item, reason="等鉴定", until=until, by=jia)
    assert services.sweep(now=until - timedelta(days=1)) == 0
    Item.objects.filter(pk=item.pk).update(suspended_at=clock.now() - timedelta(days=9))
    assert services.sweep(now=until + timedelta(hours=1)) == 1
    item.refresh_from_db()
    assert (item.state, desk.turn(item)) == ("open", {"甲"})


def test_a_delegation_begins_and_ends_by_itself(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item, now = desk.start(step(jia)), clock.now()
    row = services.delegate(
        giver=jia.id, receiver=yi.id, from_at=now + timedelta(hours=1), until_at=now + timedelta(days=2), by=jia
    )
    assert desk.turn(item) == {"甲"}
    type(row).objects.filter(pk=row.pk).update(from_at=now - timedelta(minutes=5))
    services.sweep()
    assert desk.turn(item) == {"乙"}
    type(row).objects.filter(pk=row.pk).update(until_at=now - timedelta(minutes=1))
    services.sweep()
    assert desk.turn(item) == {"甲"}


def test_a_post_that_is_filled_gets_the_work_that_waits(desk: Desk) -> None:
    item = desk.start({"name": "经办", "who": {"role": "town_officer"}})
    assert selectors.blocked().exists()
    desk.person("经办", SiteRole.TOWN_OFFICER)
    services.sweep()
    assert (desk.turn(item), selectors.blocked().exists()) == ({"经办"}, False)


def test_one_row_of_the_calendar_stands_for_an_hour(desk: Desk) -> None:
    [jia] = desk.people("甲")
    desk.install(step(jia, **limit("remind")))
    items = [desk.start() for _ in range(3)]
    with outside():
        rows = list(Due.objects.filter(town="t_alpha", kind="approvals.due"))
    assert len(rows) in (1, 2)
    assert all(row.due_at >= (Stage.objects.get(item=items[0]).due_at or clock.now()) for row in rows[-1:])


def test_the_job_does_what_is_due(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia, **limit("pass")))
    Stage.objects.filter(item=item).update(due_at=clock.now() - timedelta(minutes=1))
    jobs.lookup("approvals.due").body("2025-03-12T09")
    item.refresh_from_db()
    assert item.state == "approved"


def test_one_that_fails_does_not_hold_up_the_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    [jia] = desk.people("甲")
    first, second = desk.start(step(jia, **limit("pass"))), desk.start()

    def told(item: Item, by: Any) -> None:
        if item.pk == first.pk:
            raise JifenError

    monkeypatch.setattr(desk.deed, "on_approved", told)
    assert services.sweep(now=late(second)) == 1
    assert [Item.objects.get(pk=one.pk).state for one in (first, second)] == ["open", "approved"]


def test_a_step_that_came_while_the_clock_stood_ahead_begins_anew(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    early = desk.start(step(jia, **limit("remind")))
    with ahead(days=17):
        services.sweep()
        false = desk.start(step(yi, **limit("remind")))
        services.remind(item=false, by=desk.starter)
        services.suspend(item=early, reason="等照片", by=jia)
    assert services.bring_back(after=clock.now() + timedelta(minutes=5)) == 2
    now = clock.now()
    for item in (early, false):
        due = Stage.objects.get(item=item, state="active").due_at
        assert due is not None and now < due <= now + timedelta(days=2)
    services.remind(item=false, by=desk.starter)
    services.wake(item=early, by=jia)
    due = Stage.objects.get(item=early, state="active").due_at
    assert due is not None and now < due <= clock.now() + timedelta(days=2)
    assert services.bring_back(after=now) == 0


@contextmanager
def ahead(*, days: int) -> Iterator[None]:
    true = clock.now()
    for moment in (true + timedelta(days=days), true):
        with outside():
            clocks.move_clock(moment)
        if moment != true:
            yield
    offset.forget()
