"""恢复扣分: what gives back a deduction posts behind it, however long the household is heard."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from jifen.clocks import jobs
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import selectors
from scoring.api.serializers import DeclarationOut
from scoring.models import Declaration, Hearing, Review
from scoring.selectors import awaited
from scoring.services import filings, hearings, years
from scoring.verify import checks
from tests.clients import PageClient
from tests.scoring import wide
from tests.scoring.desk import DAY, MONTH, NOW, Desk, rule

Later = Callable[[int], None]
REPAIR = {"rules": ["litter"], "share": "0.5", "period": "ever"}


@pytest.fixture
def mended(desk: Desk) -> Desk:
    """The town hears the household for three days; what mends has a code that comes before what it mends."""
    wide.install(desk, more=[rule("amends", "整改到位", 9, repair=REPAIR)])
    desk.choose(hearing_days=3)
    desk.cast.villager(desk.zhang)
    return desk


@pytest.fixture
def days_later(monkeypatch: pytest.MonkeyPatch) -> Later:
    def go(days: int) -> None:
        then = clock.at(NOW + timedelta(days=days), 6)
        monkeypatch.setattr(clock, "now", lambda: then)

    return go


def received(desk: Desk, month: Any = MONTH) -> Review:
    """The month's sheet, decided, received and posted as far as may be."""
    sheet = desk.sheet(month)
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=Actor.of(desk.officer))
    return sheet


def look(sheet: Review) -> list[jobs.Next]:
    """The calendar's look at the sheet; what it plans next."""
    return list(jobs.known()["review.post"].body(f"{sheet.pk}") or ())


def all_hold() -> None:
    assert [check.title for check in checks() if check.breaches()] == []


def test_a_repair_of_the_same_month_waits_until_the_household_was_heard(
    mended: Desk, days_later: Later, client_for: Callable[..., PageClient]
) -> None:
    for code in ("litter", "amends", "tidy"):
        mended.record(code)
    sheet = received(mended)
    [tomorrow] = look(sheet)
    mend = Declaration.objects.get(rule__code="amends")
    assert mended.merit() == 2 and mend.state == "approved" and Review.objects.get().state == "settled"
    page = client_for(mended.steward).get(reverse("scoring:declaration", args=[mend.pk])).content.decode()
    assert "等扣分先记账" in page and DeclarationOut(mend).data["waits_for"] in page
    days_later(4)
    assert look(sheet) and mended.merit() == 2
    hearings.close_due(day=f"{Hearing.objects.get().until}")
    assert mended.merit() == 2 - 3 + Decimal("1.5") and Review.objects.get().state == "posted"
    assert awaited.told(Declaration.objects.get(pk=mend.pk)) == "" and not look(sheet)
    assert selectors.unposted_reviews(NOW.year) == 0 and tomorrow.due_at.hour == 6
    all_hold()


def test_what_is_dropped_lets_the_repair_go_with_nothing_to_give_back(mended: Desk) -> None:
    mended.record("litter"), mended.record("amends")
    sheet = received(mended)
    look(sheet)
    hearing = Hearing.objects.get()
    hearings.state(hearing=hearing, statement="当天在外地", by=mended.by)
    hearings.decide(hearing=hearing, outcome="dropped", reason="属实", by=Actor.of(mended.li))
    assert not look(sheet) and mended.merit() == 0
    assert Declaration.objects.get(rule__code="amends").state == "posted" and Review.objects.get().state == "posted"
    all_hold()


def test_without_a_hearing_what_mends_comes_behind_what_it_mends(mended: Desk) -> None:
    mended.choose(hearing_days=0)
    mended.record("amends"), mended.record("litter")
    mended.post()
    assert mended.merit() == -3 + Decimal("1.5")


def test_another_sheet_and_another_household_go_their_own_way(mended: Desk, days_later: Later) -> None:
    """A deduction on last month's sheet holds this month's repair; nobody else's does, and no earlier repair's."""
    before = (MONTH - timedelta(days=1)).replace(day=1)
    years.open_year(number=before.year, by=SYSTEM)
    mended.record("litter", happened_on=before)
    first = received(mended, before)
    neighbour = mended.cast.household(name="李四", number="90009")
    for household in (mended.zhang, neighbour):
        mended.record("amends", household=household, happened_on=DAY)
    second = received(mended)
    look(first), look(second)
    held = Declaration.objects.get(rule__code="amends", household=mended.zhang)
    assert (held.state, Declaration.objects.get(household=neighbour).state) == ("approved", "posted")
    assert Review.objects.get(pk=second.pk).state == "settled"
    days_later(4)
    hearings.close_due(day=f"{Hearing.objects.get().until}")
    assert not look(second) and Review.objects.get(pk=second.pk).state == "posted"
