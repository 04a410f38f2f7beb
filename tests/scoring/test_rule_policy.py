"""How villages adopt rules, chosen on a page; the yearly look at the rulebooks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from jifen.clocks.models import Due
from jifen.inbox.models import Message
from jifen.kernel import clock
from scoring import policies
from scoring.services import rule_policy, rulebook_yearly
from tests.scoring.desk import NOW
from tests.scoring.page_forms import form_on
from tests.scoring.rulebooks import LATER, Office

Browser = Callable[..., Any]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def form(browser: Any) -> dict[str, Any]:
    return form_on(text(browser.get(reverse("scoring:rule_policy"))), "policy-form")


def now() -> Any:
    return policies.on(clock.today()).rules


def test_the_town_says_how_villages_adopt_rules(office: Office, client_for: Browser) -> None:
    browser = client_for(office.desk.cast.admin())
    sent = form(browser) | {
        "quorum": "four_fifths", "consent": "consent", "deliberations": "on",
        "warn_days": "60，30,7", "revise_month": "10"
    }  # fmt: skip
    assert "已定" in text(browser.post(reverse("scoring:rule_policy"), sent, follow=True))
    chosen = now()
    assert (chosen.quorum.numerator, chosen.quorum.denominator, chosen.consent) == (4, 5, "consent")
    assert chosen.deliberations and chosen.warn_days == (60, 30, 7) and chosen.revise_month == 10
    assert form(browser)["quorum"] == ["four_fifths"]


def test_sending_the_form_back_changes_nothing(office: Office, client_for: Browser) -> None:
    rule_policy.choose(rules={"quorum": {"percent": 70}}, by=office.zhou)
    before, browser = now(), client_for(office.desk.cast.admin())
    browser.post(reverse("scoring:rule_policy"), form(browser))
    assert now() == before


@pytest.mark.parametrize("wrong", [{"warn_days": "很久"}, {"repeat_days": "0"}, {"quorum": "none"}])
def test_what_cannot_be_is_refused(office: Office, client_for: Browser, wrong: dict[str, str]) -> None:
    browser = client_for(office.desk.cast.admin())
    before = now()
    assert browser.post(reverse("scoring:rule_policy"), form(browser) | wrong).status_code == 422 and now() == before


def test_only_the_administrator_chooses(office: Office, client_for: Browser) -> None:
    assert client_for(office.desk.officer).get(reverse("scoring:rule_policy")).status_code == 403


def test_the_yearly_reminder_stands_on_the_calendar(office: Office) -> None:
    [job] = rulebook_yearly.first_jobs(2027)
    assert (job.period, job.due_at.month, job.due_at.day) == ("2027-11", 11, 15)


def test_another_month_moves_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(NOW.year, 3, 1)
    monkeypatch.setattr(clock, "today", lambda: day)
    monkeypatch.setattr(clock, "now", lambda: clock.at(day, 8))
    rule_policy.choose(rules={"revise_month": 12}, by=office.zhou)
    assert Due.objects.filter(kind="rulebook.yearly", period=f"{NOW.year}-12").exists()
    assert rulebook_yearly.remind(f"{NOW.year}-11") == 0
    rule_policy.choose(rules={"revise_month": None}, by=office.zhou)
    assert rulebook_yearly.first_jobs(2027) == []


def test_those_who_write_rules_are_told_once_a_year(office: Office) -> None:
    office.village_version(day=LATER, points=3)
    for _ in range(2):
        rulebook_yearly.remind(f"{NOW.year}-11")
    titles = [one.title for one in Message.objects.filter(title__contains="年度修订").order_by("pk")]
    assert len(titles) == len(set(titles)) == 2 and office.village.name in titles[1]
