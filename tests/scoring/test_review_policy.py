"""审核办法: the office chooses anew from a day on, by page and by program; nothing goes back over what was sent up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from jifen.audit.models import AuditRow
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring import policies, policy_errors
from scoring.models import ReviewPolicy
from scoring.services import posting, review_policies
from tests.scoring.desk import Desk

Browser = Callable[..., Any]


def _tomorrow() -> Any:
    return clock.today() + timedelta(days=1)


def test_a_choice_holds_from_its_day_on(desk: Desk) -> None:
    changes = {"after": "confirmation", "posts": "notice", "notice_days": 5, "late": "next_month", "mutual": True}
    row = review_policies.choose(changes=changes, effective_from=_tomorrow(), by=SYSTEM)
    assert policies.on(clock.today()).review.after == "filing"
    chosen = policies.on(_tomorrow())
    assert {name: getattr(chosen.review, name) for name in changes} == changes
    assert AuditRow.objects.filter(action="review_policy.choose", subject_id=row.pk).count() == 1


def test_what_is_not_changed_stays_as_it_was(desk: Desk) -> None:
    before = policies.on(_tomorrow())
    review_policies.choose(changes={"hearing_days": 7}, effective_from=_tomorrow(), by=SYSTEM)
    after = policies.on(_tomorrow())
    assert after.review == before.review.model_copy(update={"hearing_days": 7})
    assert (after.year, after.recording) == (before.year, before.recording)


@pytest.mark.parametrize(
    ("changes", "days", "error"),
    [
        ({"after": "confirmation"}, 0, policy_errors.ReviewPolicyInPast),
        ({"after": "confirmation"}, -40, policy_errors.ReviewPolicyInPast),
        ({"hearing_days": 61}, 1, policy_errors.ReviewPolicyInvalid),
        ({"after": "nothing"}, 1, policy_errors.ReviewPolicyInvalid),
        ({"colour": "red"}, 1, policy_errors.ReviewPolicyInvalid),
        ({"posts": "notice", "notice_days": 0}, 1, policy_errors.NoticeDaysMissing),
    ],
)
def test_a_wrong_choice_changes_nothing(desk: Desk, changes: dict[str, Any], days: int, error: type[Exception]) -> None:
    before = ReviewPolicy.objects.count()
    with pytest.raises(error):
        review_policies.choose(changes=changes, effective_from=clock.today() + timedelta(days=days), by=SYSTEM)
    assert ReviewPolicy.objects.count() == before


def test_a_month_sent_before_posts_as_was_chosen_then(desk: Desk) -> None:
    desk.choose(posts="decision")
    desk.record("tidy")
    sheet = desk.sheet()
    filing = desk.decide_all(sheet)
    before = posting.moment(filing)
    review_policies.choose(changes={"posts": "notice"}, effective_from=_tomorrow(), by=SYSTEM)
    assert posting.moment(filing) == before == filing.sent_at
    assert posting.post_review(review=sheet, by=SYSTEM) == 2


def test_a_coming_choice_is_chosen_again_for_the_same_day(desk: Desk) -> None:
    for days in (4, 5):
        review_policies.choose(changes={"hearing_days": days}, effective_from=_tomorrow(), by=SYSTEM)
    assert ReviewPolicy.objects.filter(effective_from=_tomorrow()).count() == 1
    assert policies.on(_tomorrow()).review.hearing_days == 5


def test_the_town_admin_chooses_on_the_page(desk: Desk, client_for: Browser) -> None:
    browser, here = client_for(desk.cast.admin()), reverse("scoring:review_policy")
    page = browser.get(here).content.decode()
    assert "现行办法" in page and "不少于二分之一同意" in page
    answer = browser.post(here, _form(posts="notice", notice_days="7", mutual="on"))
    assert answer.status_code == 302
    assert policies.on(_tomorrow()).review.mutual and "将生效" in browser.get(here).content.decode()


def test_the_page_says_what_is_wrong_at_its_field(desk: Desk, client_for: Browser) -> None:
    browser, here = client_for(desk.cast.admin()), reverse("scoring:review_policy")
    early = browser.post(here, _form(effective_from=clock.today().isoformat()))
    assert early.status_code == 422 and "最早从明天起" in early.content.decode()
    none = browser.post(here, _form(posts="notice", notice_days="0"))
    assert none.status_code == 422 and "至少要公示1天" in none.content.decode()


def test_an_officer_reads_and_nobody_else_sees_it(desk: Desk, client_for: Browser) -> None:
    here = reverse("scoring:review_policy")
    officer = client_for(desk.officer)
    assert "由镇管理员改" in officer.get(here).content.decode()
    assert officer.post(here, _form()).status_code == 403
    assert client_for(desk.steward).get(here).status_code == 403
    assert not ReviewPolicy.objects.filter(effective_from=_tomorrow()).exists()


def test_a_program_chooses_and_reads(desk: Desk, api_client: Browser) -> None:
    program, here = api_client(desk.cast.admin()), "/api/v1/review-policies/"
    told = {"effective_from": _tomorrow().isoformat(), "mutual": True, "hearing_days": 4}
    made = program.post(here, told)
    assert made.status_code == 201 and made.json()["mutual"] is True and made.json()["made_by"] == "周主任"
    assert [row["hearing_days"] for row in program.get(here).json()["results"]][:1] == [4]
    past = program.post(here, told | {"effective_from": "2025-01-01"}).json()
    assert (past["code"], past["field"]) == ("review_policy_in_past", "effective_from")
    assert api_client(desk.officer).post(here, told).status_code == 403


def _form(**more: str) -> dict[str, str]:
    told = {"effective_from": _tomorrow().isoformat(), "after": "filing", "late": "next_month", "posts": "answer"}
    return told | {"notice_days": "7", "hearing_days": "3", "answer_days": "7", "board_days": "5"} | more
