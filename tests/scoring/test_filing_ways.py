"""A month on its way through the town's flow: every way out of it leaves somebody who can go on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jifen.approvals import abilities, errors, selectors, services
from jifen.approvals.models import Flow, Item, Stage
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Filing, Review
from scoring.services import filings, reviews
from tests.approvals.test_designer import STEP
from tests.scoring.desk import Desk

Browser = Callable[..., Any]
OFFICE = {"name": "镇级办公室", "who": {"role": "town_officer"}}
GROUP = {"name": "审定工作组", "who": {"role": "town_admin"}}


def limited(then: str) -> dict[str, Any]:
    return OFFICE | {"limit": {"days": 2, "then": then}}


def sent(desk: Desk, *steps: dict[str, Any], after: str = "confirmation") -> Item:
    """A month that has just come up, and its item; a town with a flow of these steps."""
    desk.choose(after=after)
    services.install(subject_kind="filing", steps=steps or (OFFICE, GROUP), by=SYSTEM)
    desk.record("tidy")
    filing = desk.decide_all(desk.sheet())
    return found(filing)


def found(filing: Filing) -> Item:
    item = selectors.open_item("filing", filing.pk)
    assert item is not None
    return item


def overrun() -> None:
    due = Stage.objects.get(state="active").due_at
    assert due is not None
    services.sweep(now=due + timedelta(minutes=1))


def is_back_in_the_village(desk: Desk, why: str) -> None:
    """The village decides, signs and sends it anew, and the town has it again."""
    filing, sheet = Filing.objects.get(), Review.objects.get()
    assert (filing.state, filing.note, sheet.state) == ("returned", why, "returned")
    assert not Item.objects.filter(subject_kind="filing", finished_at=None).exists()
    again = desk.sign_and_close(sheet)
    assert again.pk != filing.pk and found(again).state == "open"


def test_who_sent_it_does_not_take_back_what_the_committee_signed(desk: Desk) -> None:
    item = sent(desk)
    for user in (desk.li, desk.cast.admin()):
        with pytest.raises(errors.ActForbidden, match=r"不能撤回.*请镇里退回"):
            services.withdraw(item=item, by=Actor.of(user))
        assert "withdraw" not in abilities.of(item, user)
    assert Filing.objects.get().state == "sent" and found(Filing.objects.get()) == item


def test_what_an_administrator_ends_goes_back_to_the_village(desk: Desk) -> None:
    item = sent(desk)
    services.terminate(item=item, reason="村里要重报", by=Actor.of(desk.cast.admin()))
    is_back_in_the_village(desk, "村里要重报")


def test_sent_back_to_its_start_it_is_the_villages_to_correct(desk: Desk) -> None:
    item, officer = sent(desk), Actor.of(desk.officer)
    assert abilities.returnable(item, "镇级办公室")[0][1].startswith("村里")
    services.send_back(item=item, to="starter", reason="请补照片", by=officer)
    is_back_in_the_village(desk, "请补照片")


def test_a_sheet_that_the_clock_sent_goes_back_to_the_village_too(desk: Desk) -> None:
    desk.choose(after="confirmation")
    services.install(subject_kind="filing", steps=[OFFICE], by=SYSTEM)
    desk.record("tidy")
    sheet = desk.sheet()
    for user in (desk.li, desk.wu):
        reviews.decide_rest(review=sheet, by=Actor.of(user))
        reviews.sign(review=sheet, role=desk.seat(user), by=Actor.of(user))
    item = found(reviews.close(review=sheet, by=SYSTEM))
    services.send_back(item=item, to="starter", reason="请补照片", by=Actor.of(desk.officer))
    is_back_in_the_village(desk, "请补照片")


def test_back_at_an_earlier_step_the_village_keeps_its_decision(desk: Desk) -> None:
    item = sent(desk)
    services.decide(item=item, verdict="approve", by=Actor.of(desk.officer))
    services.send_back(item=item, to="previous", reason="再看看", by=Actor.of(desk.cast.admin()))
    assert Filing.objects.get().state == "sent" and selectors.waits_at(item) == "镇级办公室"


@pytest.mark.parametrize("then", ["return", "refuse"])
def test_a_time_limit_sends_the_month_back(desk: Desk, then: str) -> None:
    sent(desk, limited(then))
    overrun()
    filing = Filing.objects.get()
    assert filing.note.startswith("超过办理期限")
    is_back_in_the_village(desk, filing.note)


@pytest.mark.parametrize("after", ["filing", "confirmation"])
def test_a_time_limit_that_agrees_settles_it(desk: Desk, after: str) -> None:
    sent(desk, limited("pass"), after=after)
    overrun()
    assert Filing.objects.get().state == {"filing": "received", "confirmation": "confirmed"}[after]


def test_what_is_filed_is_neither_refused_nor_sent_back_nor_ended(desk: Desk) -> None:
    item, officer, admin = sent(desk, after="filing"), Actor.of(desk.officer), Actor.of(desk.cast.admin())
    acts: list[Callable[[], object]] = [
        lambda: services.decide(item=item, verdict="reject", reason="不实", by=officer),
        lambda: services.send_back(item=item, to="starter", reason="不实", by=officer),
        lambda: services.withdraw(item=item, by=Actor.of(desk.li)),
        lambda: services.terminate(item=item, reason="不实", by=admin),
    ]
    for act in acts:
        with pytest.raises(errors.ActForbidden, match="备案只收存"):
            act()
    assert Filing.objects.get().state == "sent" and found(Filing.objects.get()).state == "open"


def test_no_button_offers_what_is_refused(desk: Desk) -> None:
    item, gone = sent(desk, after="filing"), {"reject", "return", "withdraw", "terminate"}
    admin = desk.cast.admin()
    assert "approve" in abilities.of(item, desk.officer) and "jump" in abilities.of(item, admin)
    assert not any(gone & abilities.of(item, user) for user in (desk.officer, desk.li, admin))


@pytest.mark.parametrize(("then", "word"), [("return", "超时退回"), ("refuse", "超时视为不同意")])
def test_a_town_that_files_saves_no_flow_that_sends_back(desk: Desk, then: str, word: str) -> None:
    with pytest.raises(errors.StepsWrong, match=f"镇级办公室.*不能“{word}”"):
        services.save(subject_kind="filing", steps=[limited(then)], by=SYSTEM)
    desk.choose(after="confirmation")
    assert services.save(subject_kind="filing", steps=[limited(then)], by=SYSTEM).version == 1


@pytest.mark.parametrize("then", ["return", "refuse"])
def test_where_the_town_files_by_now_such_a_limit_reminds(desk: Desk, then: str) -> None:
    desk.choose(after="confirmation")
    services.install(subject_kind="filing", steps=[limited(then)], by=SYSTEM)
    desk.choose(after="filing")
    desk.record("tidy")
    item = found(desk.decide_all(desk.sheet()))
    overrun()
    assert item.words.get(kind="overdue").data["then"] == "remind"
    assert Filing.objects.get().state == "sent" and selectors.waits_at(item) == "镇级办公室"


def test_what_came_before_the_flow_goes_through_it(desk: Desk) -> None:
    desk.choose(after="confirmation")
    desk.record("tidy")
    filing = desk.decide_all(desk.sheet())
    services.install(subject_kind="filing", steps=[OFFICE, GROUP], by=SYSTEM)
    with pytest.raises(errors.NotYours):
        filings.answer(filing=filing, accept=True, by=Actor.of(desk.cast.admin()))
    assert filings.answer(filing=filing, accept=True, by=Actor.of(desk.officer)).state == "sent"
    assert selectors.waits_at(found(filing)) == "审定工作组" and found(filing).starter_name == filing.actor_name


def test_nobody_answers_around_the_flow_when_its_item_is_gone(desk: Desk) -> None:
    item = sent(desk)
    Item.objects.filter(pk=item.pk).update(state="withdrawn", finished_at=clock.now())
    told = filings.answer(filing=Filing.objects.get(), accept=True, by=Actor.of(desk.officer))
    assert told.state == "sent" and found(told).pk != item.pk


def test_every_face_refuses_such_a_flow_by_name(desk: Desk, client_for: Browser, api_client: Browser) -> None:
    browser, said = client_for(desk.cast.admin()), "“镇里收”：本镇采用备案，只收存不退回，不能“超时退回”"
    text = "kind: filing\nsteps:\n  - name: 镇里收\n    who: {role: town_officer}\n    limit: {days: 2, then: return}\n"
    file = {"file": SimpleUploadedFile("flow.yaml", text.encode())}
    brought = browser.post(reverse("approvals:bring", args=["filing"]), file)
    assert brought.status_code == 422 and said in brought.text
    steps = [{"name": "镇里收", "who": {"role": "town_officer"}, "limit": {"days": 2, "then": "return"}}]
    answer = api_client(desk.cast.admin()).put("/api/v1/approval-flow-drafts/filing/", {"revision": 0, "steps": steps})
    assert answer.status_code == 422 and said in answer.text
    form = STEP | {"name": "镇里收", "who_0": "role:town_officer", "days": "2", "then": "return", "revision": 0}
    assert browser.post(reverse("approvals:step", args=["filing"]) + "?spot=", form).status_code == 302
    saved = browser.post(reverse("approvals:save", args=["filing"]), {"revision": 1}, follow=True)
    assert said in saved.text and not Flow.objects.filter(subject_kind="filing").exists()
