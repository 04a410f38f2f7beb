"""告知: whom no message reaches is told by people, and the days begin only then."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from jifen.clocks import jobs
from jifen.clocks.models import Due
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from scoring import hearing_errors
from scoring.models import Entry, Hearing, Review
from scoring.services import filings, hearings, posting, telling
from scoring.verify import checks
from tests.scoring.desk import NOW, Desk
from tests.scoring.owner import refusal

Browser = Callable[..., Any]
Later = Callable[[int], None]


@pytest.fixture
def hearing(desk: Desk) -> Hearing:
    """张三's household has no account and a deduction of three points; the town hears for three days."""
    desk.choose(hearing_days=3, board_days=5, answer_days=4)
    desk.record("litter")
    filings.answer(filing=desk.decide_all(desk.sheet()), accept=True, by=Actor.of(desk.officer))
    return Hearing.objects.get()


@pytest.fixture
def days_later(monkeypatch: pytest.MonkeyPatch) -> Later:
    def go(days: int) -> None:
        then = clock.at(NOW + timedelta(days=days), 9)
        monkeypatch.setattr(clock, "now", lambda: then)

    return go


def inform(desk: Desk, hearing: Hearing, how: str = "phone", days_after: int = 0) -> Hearing:
    day = NOW + timedelta(days=days_after)
    telling.inform(village=desk.village, hearings=[hearing.pk], how=how, told_on=day, by=desk.by)
    hearing.refresh_from_db()
    return hearing


def titles(user: Any) -> list[str]:
    rows = Message.objects.filter(user=user, kind="hearing", read_at=None, past_at=None)
    return list(rows.order_by("pk").values_list("title", flat=True))


def test_without_an_account_nothing_runs_until_somebody_has_told_it(
    desk: Desk, hearing: Hearing, days_later: Later
) -> None:
    assert (hearing.told_at, hearing.until, hearing.told_how) == (None, None, "")
    days_later(60)
    jobs.known()["hearing.close"].body((NOW + timedelta(days=59)).isoformat())
    posting.post_review(review=Review.objects.get(), by=SYSTEM)
    assert Hearing.objects.get().outcome == "open" and not Entry.objects.exists()


def test_the_days_begin_when_it_was_told(desk: Desk, hearing: Hearing, days_later: Later) -> None:
    days_later(10)
    told = inform(desk, hearing, days_after=9)
    assert (told.until, told.told_how, told.told_by_name) == (NOW + timedelta(days=12), "phone", "王管理")
    assert Due.objects.filter(kind="hearing.close", period=f"{told.until}").exists()
    days_later(13)
    jobs.known()["hearing.close"].body(f"{told.until}")
    assert set(Entry.objects.values_list("amount", flat=True)) == {-3}
    assert [check.title for check in checks() if check.breaches()] == []


def test_what_hangs_on_the_board_counts_as_told_after_the_towns_days(desk: Desk, hearing: Hearing) -> None:
    assert inform(desk, hearing, "board").until == NOW + timedelta(days=8)


def test_a_household_that_speaks_has_been_told(desk: Desk, hearing: Hearing) -> None:
    said = hearings.state(hearing=hearing, statement="当天在外地", channel="phone", by=desk.by)
    assert (said.told_how, said.told_by_name, said.until) == ("phone", "王管理", NOW + timedelta(days=3))


@pytest.mark.parametrize(
    ("how", "day", "error"),
    [("message", 0, hearing_errors.TellingUnknown), ("phone", 1, hearing_errors.ToldInFuture),
     ("phone", -1, hearing_errors.ToldTooEarly)],
)  # fmt: skip
def test_a_wrong_record_is_refused(desk: Desk, hearing: Hearing, how: str, day: int, error: type[JifenError]) -> None:
    with pytest.raises(error):
        inform(desk, hearing, how, day)
    assert Hearing.objects.get().told_at is None


def test_the_board_tells_nobody_where_the_town_has_not_said_so(desk: Desk, hearing: Hearing) -> None:
    desk.choose(hearing_days=3, board_days=0)
    with pytest.raises(hearing_errors.BoardDoesNotTell):
        inform(desk, hearing, "board")
    assert Hearing.objects.get().told_at is None


def test_it_is_told_once(desk: Desk, hearing: Hearing) -> None:
    inform(desk, hearing)
    with pytest.raises(hearing_errors.HearingTold):
        inform(desk, hearing, "paper")
    with pytest.raises(hearing_errors.NobodyToTell):
        telling.inform(village=desk.village, hearings=[], how="phone", told_on=NOW, by=desk.by)
    assert Hearing.objects.get().told_how == "phone"
    assert "I5" in refusal("UPDATE scoring_hearing SET told_by_name = '别人'")


def test_looks_missed_in_an_outage_are_made_good_by_one(desk: Desk, hearing: Hearing, days_later: Later) -> None:
    first = Due.objects.get(kind="hearing.watch").period
    days_later(9)
    [following] = jobs.known()["hearing.watch"].body(first) or []
    assert following.period == (NOW + timedelta(days=10)).isoformat()
    assert len(titles(desk.officer)) == 1


def test_the_database_ends_no_hearing_of_which_nobody_was_told(desk: Desk, hearing: Hearing) -> None:
    said = refusal("UPDATE scoring_hearing SET outcome = 'silent', decided_at = now()")
    assert "scoring_hearing_told" in said


def test_the_steward_is_asked_reminded_and_the_office_hears_when_it_is_late(
    desk: Desk, hearing: Hearing, days_later: Later
) -> None:
    assert titles(desk.steward) == [f"{desk.village.name}：有1笔扣分等人告知该户"] and titles(desk.officer) == []
    first = Due.objects.get(kind="hearing.watch").period
    days_later(2)
    [following] = jobs.known()["hearing.watch"].body(first) or []
    assert titles(desk.steward) == [f"{desk.village.name}：有1笔扣分等人告知该户"] and titles(desk.officer) == []
    days_later(4)
    jobs.known()["hearing.watch"].body(following.period)
    assert titles(desk.officer) == [f"{desk.village.name}：有1笔扣分等人告知该户"]
    inform(desk, hearing)
    assert titles(desk.steward) == [] and titles(desk.officer) == []
    assert jobs.known()["hearing.watch"].body((NOW + timedelta(days=6)).isoformat()) == []


def test_the_committee_is_asked_reminded_and_thanked_by_silence(
    desk: Desk, hearing: Hearing, days_later: Later
) -> None:
    hearings.state(hearing=hearing, statement="当天在外地", channel="phone", by=desk.by)
    assert titles(desk.li) == [f"{desk.village.name}：有户说明了扣分的情况，请答复"]
    days_later(4)
    jobs.known()["hearing.watch"].body((NOW + timedelta(days=4)).isoformat())
    assert titles(desk.li) == [f"{desk.village.name}：1户说明了扣分的情况，还没有答复"] == titles(desk.officer)
    hearings.decide(hearing=hearing, outcome="kept", reason="有照片", by=Actor.of(desk.li))
    assert titles(desk.li) == titles(desk.officer) == []


def test_a_deduction_that_posted_untold_is_found(desk: Desk) -> None:
    desk.choose(hearing_days=0)
    desk.record("litter")
    desk.post()
    assert [check.title for check in checks() if check.breaches()] == []
    desk.choose(hearing_days=3)
    assert "扣分记账以前都告知过该户" in [check.title for check in checks() if check.breaches()]


def test_the_steward_sees_whom_to_call_and_records_it(desk: Desk, client_for: Browser, hearing: Hearing) -> None:
    head = desk.head()
    head.phone = "13800001234"
    head.save()
    browser = client_for(desk.steward)
    assert "待告知扣分" in browser.get(reverse("flows:village")).content.decode()
    page = browser.get(reverse("scoring:hearings")).content.decode()
    assert "还没有告知的" in page and "tel:13800001234" in page
    form = {"hearing": hearing.pk, "how": "phone", "told_on": NOW.isoformat()}
    answer = browser.post(reverse("scoring:hearing_inform"), form, follow=True).content.decode()
    assert "已记下1笔的告知" in answer and "还没有告知的" not in answer and "电话告知（王管理）" in answer


def test_a_look_that_was_planned_too_far_ahead_is_one_of_today(desk: Desk, hearing: Hearing) -> None:
    [following] = jobs.known()["hearing.watch"].body((NOW + timedelta(days=17)).isoformat()) or []
    assert following.period == (NOW + timedelta(days=2)).isoformat()
    assert not Message.objects.filter(body__contains="已经超过期限").exists()


def test_who_only_watches_records_nothing_and_sees_no_telephone(
    desk: Desk, client_for: Browser, hearing: Hearing
) -> None:
    head = desk.head()
    head.phone = "13800001234"
    head.save()
    browser = client_for(desk.cast.supervisor())
    assert "13800001234" not in browser.get(reverse("scoring:hearings")).content.decode()
    form = {"hearing": hearing.pk, "how": "phone", "told_on": NOW.isoformat()}
    assert browser.post(reverse("scoring:hearing_inform"), form).status_code == 403
    assert Hearing.objects.get().told_at is None


def test_a_program_records_who_was_told(desk: Desk, api_client: Browser, hearing: Hearing) -> None:
    form = {"village": desk.village.pk, "hearings": [hearing.pk], "how": "paper", "told_on": NOW.isoformat()}
    other = desk.cast.steward(desk.cast.village("李家村"), name="远管理")
    assert api_client(other).post("/api/v1/hearings/inform/", form).status_code == 404
    assert api_client(desk.steward).post("/api/v1/hearings/inform/", form).json() == {"count": 1}
    [row] = api_client(desk.steward).get("/api/v1/hearings/").json()["results"]
    assert (row["told_how"], row["told_by_name"]) == ("paper", "王管理")
