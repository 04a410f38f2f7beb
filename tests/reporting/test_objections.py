"""Raising and answering objections; what an upheld one corrects."""

from datetime import date, timedelta

import pytest

from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel import errors as kernel
from jifen.kernel.actors import SYSTEM, Actor
from reporting import errors
from reporting.models import Notice, NoticeKind, Objection, ObjectionState
from reporting.services import answers, notices, objections
from scoring.models import Balance, Posting
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months

JULY = date(2026, 7, 6)
DOUBT = "那天我家没有人在村里。"
FOUND = "经走访核实，登记有误。"


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_000_003", red={"name": "红榜", "size": 1, "measure": "gross_positive", "order": "highest"})
    cast.committee(name="吴委员")
    return cast.household(name="赵六", number="0001")


@pytest.fixture
def posting(home: Household) -> Posting:
    deed = months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    return months.posting_of(deed)


@pytest.fixture
def member(home: Household) -> Actor:
    return Actor.of(User.objects.get(display_name="吴委员"))


def _notice(home: Household) -> Notice:
    return notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)


def _raised(home: Household, posting: Posting | None = None, notice: Notice | None = None) -> Objection:
    return objections.raise_objection(household=home, posting=posting, notice=notice, text=DOUBT, by=SYSTEM)


def _merit(home: Household) -> int:
    return int(Balance.objects.get(account__household=home, measure="merit").posted)


def test_an_upheld_objection_reverses_the_posting(home: Household, posting: Posting, member: Actor) -> None:
    assert _merit(home) == 6
    answered = answers.answer(objection=_raised(home, posting), upheld=True, finding=FOUND, by=member)
    assert answered.state == ObjectionState.UPHELD
    assert answered.reversal is not None
    assert answered.reversal.reverses == posting
    assert _merit(home) == 0


def test_a_dismissed_objection_leaves_the_points_and_says_why(home: Household, posting: Posting, member: Actor) -> None:
    answered = answers.answer(objection=_raised(home, posting), upheld=False, finding=FOUND, by=member)
    assert (answered.state, answered.finding, answered.reversal) == (ObjectionState.DISMISSED, FOUND, None)
    assert _merit(home) == 6


def test_a_correction_hangs_a_difference_notice_beside_the_old_one(
    home: Household, posting: Posting, member: Actor
) -> None:
    notice = _notice(home)
    answers.answer(objection=_raised(home, posting), upheld=True, finding=FOUND, by=member)
    difference = Notice.objects.get(kind=NoticeKind.DIFFERENCE)
    assert difference.corrects == notice
    [change] = difference.snapshot["changes"]
    assert (change["title"], change["points"]) == ("更正：植树造林", "-6")
    assert difference.snapshot["lists"]["red"]["rows"] == []


def test_no_difference_notice_before_the_entry_was_on_the_wall(
    home: Household, posting: Posting, member: Actor
) -> None:
    answers.answer(objection=_raised(home, posting), upheld=True, finding=FOUND, by=member)
    assert not Notice.objects.exists()


def test_two_upheld_objections_to_one_posting_reverse_it_once(
    cast: Cast, home: Household, posting: Posting, member: Actor
) -> None:
    notice = _notice(home)
    first, second = _raised(home, posting), _raised(cast.household(), posting, notice)
    one = answers.answer(objection=first, upheld=True, finding=FOUND, by=member)
    two = answers.answer(objection=second, upheld=True, finding=FOUND, by=member)
    assert one.reversal == two.reversal


def test_a_neighbours_entry_is_questioned_only_where_it_was_shown(
    cast: Cast, home: Household, posting: Posting
) -> None:
    neighbour = cast.household()
    with pytest.raises(errors.ObjectionForeign):
        _raised(neighbour, posting)
    assert _raised(neighbour, posting, _notice(home)).village == home.village


def test_a_notice_is_questioned_within_its_days(home: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = _notice(home)
    late = clock.at(notice.objections_until + timedelta(days=365))
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(errors.ObjectionLate):
        _raised(home, notice=notice)
    assert not Objection.objects.exists()


def test_another_villages_notice_is_nobodys_here(cast: Cast, home: Household) -> None:
    stranger = cast.household(cast.village("竹溪村"), name="李四")
    other = notices.publish_quarter(village=stranger.village, year=2026, quarter=3, by=SYSTEM)
    with pytest.raises(errors.NoticeUnknown):
        _raised(home, notice=other)


def test_the_same_question_is_not_asked_twice_at_once(home: Household, posting: Posting) -> None:
    _raised(home, posting)
    with pytest.raises(errors.ObjectionTwice):
        _raised(home, posting)


def test_what_is_corrected_already_is_not_questioned(home: Household, posting: Posting, member: Actor) -> None:
    answers.answer(objection=_raised(home, posting), upheld=True, finding=FOUND, by=member)
    posting.refresh_from_db()
    with pytest.raises(errors.PostingCorrected):
        _raised(home, posting)


@pytest.mark.parametrize(
    ("text", "error"), [("  ", errors.ObjectionTextMissing), ("长" * 501, errors.ObjectionTextTooLong)]
)
def test_an_objection_says_what_is_wrong(
    home: Household, posting: Posting, text: str, error: type[kernel.JifenError]
) -> None:
    with pytest.raises(error):
        objections.raise_objection(household=home, posting=posting, text=text, by=SYSTEM)


def test_an_objection_is_to_something(home: Household) -> None:
    with pytest.raises(errors.ObjectionOfNothing):
        _raised(home)


def test_an_answer_gives_a_finding(home: Household, posting: Posting, member: Actor) -> None:
    with pytest.raises(errors.FindingMissing):
        answers.answer(objection=_raised(home, posting), upheld=True, finding=" ", by=member)
    assert _merit(home) == 6


def test_an_answer_is_given_once(home: Household, posting: Posting, member: Actor) -> None:
    objection = _raised(home, posting)
    answers.answer(objection=objection, upheld=False, finding=FOUND, by=member)
    with pytest.raises(errors.ObjectionAnswered):
        answers.answer(objection=objection, upheld=True, finding=FOUND, by=member)
    assert _merit(home) == 6


def test_whoever_answers_a_whole_notice_names_what_to_correct(home: Household, posting: Posting, member: Actor) -> None:
    objection = _raised(home, notice=_notice(home))
    answered = answers.answer(objection=objection, upheld=True, finding=FOUND, by=member, posting=posting)
    assert answered.posting == posting
    assert _merit(home) == 0


def test_an_upheld_question_without_points_publishes_the_finding(home: Household, member: Actor) -> None:
    answers.answer(objection=_raised(home, notice=_notice(home)), upheld=True, finding=FOUND, by=member)
    assert Notice.objects.get(kind=NoticeKind.DIFFERENCE).snapshot["reason"] == FOUND


def test_an_answer_reverses_nothing_that_the_questioned_notice_does_not_show(
    cast: Cast, home: Household, posting: Posting, member: Actor
) -> None:
    neighbour = cast.household(cast.village("李家村"), name="孙七")
    deed = months.deed(neighbour, "植树", JULY, facts={"quantity": "2"})
    months.post(neighbour.village, JULY)
    objection = _raised(home, notice=_notice(home))
    with pytest.raises(errors.ObjectionForeign):
        answers.answer(objection=objection, upheld=True, finding=FOUND, by=member, posting=months.posting_of(deed))
    objection.refresh_from_db()
    assert (objection.state, _merit(neighbour)) == (ObjectionState.RAISED, 6)
