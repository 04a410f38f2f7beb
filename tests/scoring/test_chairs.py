"""Decision 37: who has no chair in a sheet's flow decides and signs nothing, committee or not; page and API say why."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from jifen.accounts.models import User
from jifen.approvals import services as approvals
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Hearing, Review
from scoring.selectors import access, in_hand
from scoring.services import filings, hearings, meetings, reviews, years
from tenants.community.models import Role, VillageRole
from tests.questions import asked
from tests.scoring.desk import MONTH, Desk, photo

Clients = Callable[..., Any]
HALF = {"numerator": 1, "denominator": 2}
WHY = "这张审核表的流程里没有您的席位"


@pytest.fixture
def sheet(desk: Desk) -> Review:
    """孙监委 and the volunteer 何志愿 sit; 李委员 and 吴委员 of 村两委干部 do not. One deed waits."""
    who = [{"seat": "村民监督委员会"}, {"role": "volunteer"}]
    step = {"name": "认定会", "who": who, "how": "quorum", "quorum": HALF, "empty": "office"}
    approvals.install(subject_kind="review", steps=[step], by=SYSTEM)
    desk.cast.committee(name="孙监委", seat="村民监督委员会")
    desk.cast.holder("何志愿", Role.VOLUNTEER, desk.village)
    years.open_year(number=(MONTH - timedelta(days=1)).year, by=SYSTEM)
    desk.record("tidy")
    return desk.sheet()


def test_a_committee_member_without_a_chair_decides_nothing_by_page(
    desk: Desk, sheet: Review, client_for: Clients
) -> None:
    browser, here = client_for(desk.li), reverse("scoring:sheet", args=[sheet.pk])
    shown = browser.get(here).text
    assert WHY in shown and "孙监委、何志愿" in shown and "全部通过</button>" not in shown
    refused = browser.post(
        reverse("scoring:sheet_item", args=[sheet.pk, sheet.items.get().pk]), {"verdict": "approved"}
    )
    assert refused.status_code == 403 and WHY in refused.text
    for act in ("plain", "sign"):
        assert browser.post(reverse("scoring:sheet_act", args=[sheet.pk, act])).status_code == 403
    assert sheet.items.get().verdict == "pending" and not sheet.seats.exists()


def test_nor_by_program(desk: Desk, sheet: Review, api_client: Clients) -> None:
    program, item = api_client(desk.li), sheet.items.get()
    for address, told in (
        (f"review-items/{item.pk}/decide/", {"verdict": "approved"}),
        (f"reviews/{sheet.pk}/rest/", {}),
        (f"review-meetings/{sheet.pk}/plain/", {}),
        (f"reviews/{sheet.pk}/sign/", {}),
    ):
        answer = program.post(f"/api/v1/{address}", told)
        assert (answer.status_code, answer.json()["code"]) == (403, "no_chair")
        assert "能办的是：孙监委、何志愿" in answer.json()["detail"]
    assert sheet.items.get().verdict == "pending" and not sheet.seats.exists()


def test_she_takes_in_what_has_come_since_and_holds_the_meeting(desk: Desk, sheet: Review, client_for: Clients) -> None:
    desk.record("tidy")
    browser = client_for(desk.li)
    assert "并入</button>" in browser.get(reverse("scoring:sheet", args=[sheet.pk])).text
    browser.post(reverse("scoring:sheet_act", args=[sheet.pk, "take"]))
    assert sheet.items.count() == 2
    browser.post(reverse("scoring:meeting_attend", args=[sheet.pk]), {"role": "all", "presence": "present"})
    meetings.attach(review=sheet, file=photo("ready"), by=desk.by)
    answer = browser.post(reverse("scoring:sheet_act", args=[sheet.pk, "close"]), follow=True)
    assert "还有2条没有决定" in answer.text


def test_who_has_a_chair_decides(desk: Desk, sheet: Review, client_for: Clients) -> None:
    for user in _seated(desk):
        assert WHY not in client_for(user).get(reverse("scoring:sheet", args=[sheet.pk])).text
    here = reverse("scoring:sheet_item", args=[sheet.pk, sheet.items.get().pk])
    client_for(_seated(desk)[1]).post(here, {"verdict": "approved"})
    assert sheet.items.get().verdict == "approved"


def test_where_nobody_has_a_chair_the_error_says_so(desk: Desk, sheet: Review, api_client: Clients) -> None:
    VillageRole.objects.filter(user__in=_seated(desk)).update(to_date=clock.today())
    answer = api_client(desk.li).post(f"/api/v1/reviews/{sheet.pk}/rest/")
    assert answer.json()["code"] == "no_chair" and "现在没有人" in answer.json()["detail"]


def test_an_explanation_is_answered_by_the_chairs_alone(
    desk: Desk, sheet: Review, client_for: Clients, api_client: Clients
) -> None:
    row, sun = _explained(desk, sheet), _seated(desk)[0]
    answer = api_client(desk.li).post(f"/api/v1/hearings/{row.pk}/decide/", {"outcome": "dropped", "reason": "属实"})
    assert (answer.status_code, answer.json()["code"]) == (403, "no_chair")
    form = reverse("scoring:hearing_decide", args=[row.pk])
    assert form not in client_for(desk.li).get(reverse("scoring:hearings")).text
    assert form in client_for(sun).get(reverse("scoring:hearings")).text
    assert (_waiting(desk.li), _waiting(sun)) == (0, 1)


def test_of_many_sheets_it_is_asked_at_once(desk: Desk, sheet: Review) -> None:
    sheets = [sheet, desk.sheet(MONTH - timedelta(days=1))]
    sun = _seated(desk)[0]
    with asked() as few:
        assert access.words_on(sun, sheets[:1]) == {sheet.pk}
    with asked() as many:
        assert access.words_on(sun, sheets) == {one.pk for one in sheets}
    assert len(many) == len(few) and access.words_on(desk.li, sheets) == set()


def _seated(desk: Desk) -> list[Any]:
    """孙监委 and 何志愿."""
    return list(User.objects.filter(display_name__in=["孙监委", "何志愿"]).order_by("pk"))


def _explained(desk: Desk, sheet: Review) -> Hearing:
    """A deduction of the sheet, decided by its chairs; the household has explained itself."""
    desk.choose(hearing_days=3)
    desk.record("litter")
    desk.sheet()
    reviews.decide_rest(review=sheet, by=Actor.of(_seated(desk)[0]))
    for user in _seated(desk):
        reviews.sign(review=sheet, role=VillageRole.objects.get(user=user), by=Actor.of(user))
    filing = reviews.close(review=sheet, by=Actor.of(_seated(desk)[0]))
    filings.answer(filing=filing, accept=True, by=Actor.of(desk.officer))
    return hearings.state(hearing=Hearing.objects.get(), statement="在外地", channel="phone", by=desk.by)


def _waiting(user: Any) -> int:
    return next(one.count for one in in_hand.work_of(user) if one.name == "扣分说明待答复")
