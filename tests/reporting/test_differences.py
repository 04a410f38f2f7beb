"""What is taken back after a quarter's end hangs as a difference notice: beside the notice, or together with it."""

from datetime import date
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.web import pdf
from reporting import poster, verify
from reporting.models import Notice, NoticeKind, Objection
from reporting.services import answers, drafts, notices, objections
from scoring.models import Posting
from scoring.services import corrections, ledger
from scoring.services.corrections import Correction
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months
from tests.reporting.flows import COMMITTEE, choose, say

JULY = date(2026, 7, 6)
UNTOLD = "公示过的积分更正后都有更正公示"


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_000_003")
    return cast.household(name="赵六", number="0001")


@pytest.fixture
def posting(home: Household) -> Posting:
    """6 points of July."""
    deed = months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    return months.posting_of(deed)


def hung(home: Household) -> Notice:
    return notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)


def differences() -> list[Notice]:
    return list(Notice.objects.filter(kind=NoticeKind.DIFFERENCE).order_by("pk"))


def lines(notice: Notice) -> list[tuple[str, str]]:
    return [(row["title"], row["points"]) for row in notice.snapshot["changes"]]


def untold() -> int:
    return next(check for check in verify.checks() if check.title == UNTOLD).breaches()


def take_back(posting: Posting, by: Actor = SYSTEM) -> Posting:
    return corrections.take_back(posting=posting, reason="登记有误", by=by)


def test_what_the_office_takes_back_after_the_notice_hangs_beside_it(home: Household, posting: Posting) -> None:
    notice = hung(home)
    take_back(posting)
    [difference] = differences()
    assert difference.corrects == notice and lines(difference) == [("更正：植树造林", "-6")]
    assert "登记有误" not in str(difference.snapshot) and untold() == 0


def test_what_was_taken_back_before_the_notice_hangs_with_it(home: Household, posting: Posting) -> None:
    """It is November: the quarter is over, its notice not up yet."""
    take_back(posting)
    assert not Notice.objects.exists()
    notice = hung(home)
    [difference] = differences()
    assert difference.corrects == notice and lines(difference) == [("更正：植树造林", "-6")]
    assert notice.snapshot["lists"]["red"]["rows"] and difference.snapshot["lists"]["red"]["rows"] == []
    assert untold() == 0


def test_an_objection_upheld_before_the_notice_shows_both_lines_with_it(
    cast: Cast, home: Household, posting: Posting
) -> None:
    member = months.investigator(cast)
    raised = objections.raise_objection(household=home, posting=posting, text="不对。", by=SYSTEM)
    right = Correction(home, None, {"quantity": "5"})
    answers.answer(objection=raised, upheld=True, finding="经核实应为5棵。", correction=right, by=member)
    hung(home)
    [difference] = differences()
    assert [points for _, points in lines(difference)] == ["-6", "15"] and untold() == 0
    assert Objection.objects.get().finding == "经核实应为5棵。"


def test_a_notice_that_was_approved_hangs_with_its_difference(cast: Cast, home: Household, posting: Posting) -> None:
    cast.committee(name="吴委员")
    choose("notice", {**COMMITTEE, "name": "委员会核对"})
    drafts.send(village=home.village, year=2026, quarter=3, by=SYSTEM)
    take_back(posting)
    say("吴委员")
    assert len(differences()) == 1 and untold() == 0


def test_what_both_happened_within_the_quarter_needs_no_difference(
    home: Household, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as august:
        august.setattr(clock, "now", lambda: clock.at(date(2026, 8, 9), 9))
        take_back(posting)
    assert [row["points"] for row in hung(home).snapshot["changes"]] == ["6", "-6"]
    assert differences() == [] and untold() == 0


def towns_own() -> Notice:
    return notices.publish_quarter(village=None, year=2026, quarter=3, by=SYSTEM)


def test_the_towns_own_notice_is_corrected_where_its_lists_are_no_longer_right(
    home: Household, posting: Posting
) -> None:
    notice, own = hung(home), towns_own()
    take_back(posting)
    assert [one.corrects for one in differences()] == [notice, own]
    told = differences()[1].snapshot["lists"]["red"]
    assert own.snapshot["lists"]["red"]["rows"][0]["village"] == home.village.name and told["rows"] == []


def test_what_moves_nobody_on_the_towns_lists_is_told_in_the_village_alone(cast: Cast) -> None:
    months.set_up("seed_000_003", red={"name": "红榜", "size": 1, "measure": "gross_positive", "order": "highest"})
    first, second = cast.household(name="赵六"), cast.household(name="钱七")
    months.deed(first, "植树", JULY, facts={"quantity": "5"})
    lower = months.deed(second, "植树", JULY, facts={"quantity": "2"})
    months.post(first.village, JULY)
    notice, _ = hung(first), towns_own()
    take_back(months.posting_of(lower))
    assert [one.corrects for one in differences()] == [notice]


def test_the_towns_lists_are_told_anew_only_when_they_move_again(cast: Cast, home: Household) -> None:
    deeds = [months.deed(home, "植树", JULY, facts={"quantity": "2"}) for _ in range(2)]
    months.post(home.village, JULY)
    hung(home)
    own = towns_own()
    for deed in deeds:
        take_back(months.posting_of(deed))
    told = [one.snapshot["lists"]["red"]["rows"] for one in differences() if one.corrects == own]
    assert [[row["points"] for row in rows] for rows in told] == [["6"], []]


def test_the_towns_own_notice_hangs_with_its_difference_too(home: Household, posting: Posting) -> None:
    hung(home)
    take_back(posting)
    own = towns_own()
    assert [one.corrects_id for one in differences()].count(own.pk) == 1 and untold() == 0


def test_verify_finds_what_nobody_was_told(home: Household, posting: Posting) -> None:
    hung(home)
    ledger.reverse(posting=posting, reason="不声张", by=SYSTEM)
    assert untold() == 1


def test_a_notices_page_writes_days_as_people_do(
    client_for: Any, cast: Cast, home: Household, posting: Posting
) -> None:
    shown = client_for(cast.steward()).get(f"/village/notices/{hung(home).pk}/").content.decode()
    assert "2026年7月6日" in shown and "2026-07-06" not in shown


def test_the_offices_page_hangs_it(client_for: Any, cast: Cast, home: Household, posting: Posting) -> None:
    hung(home)
    office: User = cast.admin()
    answer = client_for(office).post(f"/office/postings/{posting.pk}/", {"reason": "登记有误"})
    assert answer.status_code == 302 and len(differences()) == 1


def test_a_list_that_is_empty_now_says_so_and_whom_it_named(client_for: Any, home: Household, posting: Posting) -> None:
    own = client_for(Cast().steward())
    hung(home)
    take_back(posting)
    [difference] = differences()
    [gone] = difference.snapshot["lists"]["red"]["removed"]
    assert (gone["number"], gone["place"], gone["points"]) == (home.number, 1, "6")
    page = own.get(f"/village/notices/{difference.pk}/").text
    assert "更正后榜上没有人。" in page and "更正后移出" in page and f"{home.number}" in page and "原第1名，6分" in page
    content = poster.content(difference, url="https://example.org")
    assert content["lists"][0]["left"].startswith(f"更正后榜上没有人。更正后移出：{home.number}")
    for form in ("a3", "a4"):
        said = pdf.compile(f"reporting/{form}.typ", content)
        assert said.startswith(b"%PDF")


def test_whoever_goes_from_a_list_is_named_beside_those_who_stay(cast: Cast) -> None:
    months.set_up("seed_000_003", red={"name": "红榜", "size": 2, "measure": "gross_positive", "order": "highest"})
    first, second = cast.household(name="赵六"), cast.household(name="钱七")
    months.deed(first, "植树", JULY, facts={"quantity": "5"})
    wrong = months.deed(second, "植树", JULY, facts={"quantity": "2"})
    months.post(first.village, JULY)
    hung(first)
    take_back(months.posting_of(wrong))
    red = differences()[0].snapshot["lists"]["red"]
    assert [row["number"] for row in red["rows"]] == [first.number]
    assert [row["number"] for row in red["removed"]] == [second.number]
