"""A deduction before it posts, as the household, the steward and the committee see it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.inbox.models import Message
from jifen.kernel.actors import Actor
from scoring.models import Hearing
from scoring.services import filings, hearings
from tests.scoring.desk import Desk

Browser = Callable[..., Any]


@pytest.fixture
def hearing(desk: Desk) -> Hearing:
    """张三's household is told of three points that 钱邻居 has declared."""
    desk.choose(hearing_days=3)
    desk.record("litter")
    filings.answer(filing=desk.decide_all(desk.sheet()), accept=True, by=Actor.of(desk.officer))
    return Hearing.objects.get()


def test_a_villager_is_told_in_her_passbook_and_explains(desk: Desk, client_for: Browser, hearing: Hearing) -> None:
    browser = client_for(desk.cast.villager(desk.zhang))
    assert "有扣分等您说明" in browser.get(reverse("scoring:passbook")).content.decode()
    here = reverse("scoring:own_hearing", args=[hearing.pk])
    assert "还没有扣分，先听您说明" in browser.get(here).content.decode()
    page = browser.post(here, {"statement": "当天家里没有人"}, follow=True).content.decode()
    assert "等审核委员会答复" in page and "当天家里没有人" in page
    assert "等委员会答复" in browser.get(reverse("scoring:own_hearings")).content.decode()
    hearing.refresh_from_db()
    assert (hearing.statement, hearing.channel) == ("当天家里没有人", "online")


def test_an_empty_explanation_is_refused_at_its_field(desk: Desk, client_for: Browser, hearing: Hearing) -> None:
    browser = client_for(desk.cast.villager(desk.zhang))
    answer = browser.post(reverse("scoring:own_hearing", args=[hearing.pk]), {"statement": " "})
    hearing.refresh_from_db()
    assert answer.status_code == 422 and hearing.statement == ""


def test_another_household_does_not_see_it(desk: Desk, client_for: Browser, hearing: Hearing) -> None:
    other = client_for(desk.cast.villager(desk.cast.household(name="李四")))
    assert other.get(reverse("scoring:own_hearing", args=[hearing.pk])).status_code == 404


def test_who_declared_a_deduction_is_not_shown_to_the_household(
    desk: Desk, client_for: Browser, api_client: Browser, hearing: Hearing
) -> None:
    villager = desk.cast.villager(desk.zhang)
    pages = [
        reverse("scoring:own_hearing", args=[hearing.pk]),
        reverse("scoring:own_declaration", args=[hearing.declaration_id]),
    ]
    for page in pages:
        shown = client_for(villager).get(page).content.decode()
        assert "王管理" not in shown and "积分管理员申报" not in shown
    [told] = api_client(villager).get("/api/v1/own-declarations/").json()["results"]
    assert (told["declared_by"], told["channel"]) == ("", "")


def test_the_steward_writes_down_and_the_committee_answers(desk: Desk, client_for: Browser, hearing: Hearing) -> None:
    steward, li = client_for(desk.steward), client_for(desk.li)
    here = reverse("scoring:hearings")
    assert "该户当场说明了" in steward.get(here).content.decode()
    steward.post(reverse("scoring:hearing_state", args=[hearing.pk]), {"statement": "在外地", "channel": "phone"})
    page = li.get(here).content.decode()
    assert "在外地" in page and "答复…" in page and "补充该户的说明" not in page
    form = {"outcome": "lowered", "points": "-1", "reason": "初犯"}
    assert "已答复" in li.post(reverse("scoring:hearing_decide", args=[hearing.pk]), form, follow=True).content.decode()
    hearing.refresh_from_db()
    assert (hearing.outcome, hearing.decided_points, hearing.channel) == ("lowered", -1, "phone")
    assert "减少扣分" in steward.get(here).content.decode()


def test_the_household_gets_a_message_and_one_with_the_answer(desk: Desk) -> None:
    villager = desk.cast.villager(desk.zhang)
    desk.choose(hearing_days=3)
    desk.record("litter")
    desk.decide_all(desk.sheet())
    hearing = hearings.state(hearing=Hearing.objects.get(), statement="在外地", by=desk.by)
    hearings.decide(hearing=hearing, outcome="dropped", reason="属实", by=Actor.of(desk.li))
    told = Message.objects.filter(user=villager).order_by("pk")
    assert [one.title for one in told] == ["有一笔扣分等您说明", "您的说明有了答复"]
    assert told[0].address == reverse("scoring:own_hearing", args=[hearing.pk]) and "王管理" not in told[0].body


def test_programs_state_and_decide(desk: Desk, api_client: Browser, hearing: Hearing) -> None:
    villager, steward, li = (api_client(one) for one in (desk.cast.villager(desk.zhang), desk.steward, desk.li))
    said = villager.post(f"/api/v1/own-hearings/{hearing.pk}/state/", {"statement": "在外地"}).json()
    assert (said["statement"], said["channel"]) == ("在外地", "online")
    form = {"statement": "在外地打工", "channel": "phone"}
    assert steward.post(f"/api/v1/hearings/{hearing.pk}/state/", form).json()["channel"] == "phone"
    answer = {"outcome": "kept", "reason": "有照片"}
    assert steward.post(f"/api/v1/hearings/{hearing.pk}/decide/", answer).status_code == 403
    assert li.post(f"/api/v1/hearings/{hearing.pk}/decide/", answer).json()["outcome"] == "kept"
    [row] = li.get("/api/v1/hearings/").json()["results"]
    rule = hearing.declaration.rule
    assert (row["rule"], row["rule_code"], row["rule_title"]) == (rule.pk, "litter", rule.title)


def test_the_steward_does_not_answer_for_the_committee(desk: Desk, client_for: Browser, hearing: Hearing) -> None:
    hearings.state(hearing=hearing, statement="在外地", by=desk.by)
    form = {"outcome": "dropped", "reason": "算了"}
    answer = client_for(desk.steward).post(reverse("scoring:hearing_decide", args=[hearing.pk]), form)
    hearing.refresh_from_db()
    assert answer.status_code == 403 and hearing.outcome == "open"


def test_a_wrong_answer_is_told_and_changes_nothing(desk: Desk, client_for: Browser, hearing: Hearing) -> None:
    hearings.state(hearing=hearing, statement="在外地", by=desk.by)
    form = {"outcome": "lowered", "points": "-9", "reason": "重罚"}
    here = reverse("scoring:hearing_decide", args=[hearing.pk])
    assert "应在-3到" in client_for(desk.li).post(here, form, follow=True).content.decode()
    hearing.refresh_from_db()
    assert hearing.outcome == "open"
