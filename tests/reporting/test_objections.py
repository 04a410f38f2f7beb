"""Raising and answering objections; what an upheld one corrects."""

from datetime import date

import pytest

from jifen.kernel import clock
from jifen.kernel import errors as kernel
from jifen.kernel.actors import SYSTEM, Actor
from reporting import errors
from reporting.models import Notice, NoticeKind, Objection, ObjectionState
from reporting.services import notices, objections
from scoring.models import Balance, Posting
from tenants.community.models import Household, Relative
from tests.cast import Cast
from tests.reporting import months

JULY = date(2026, 7, 6)
DOUBT = "那天我家没有人在村里。"
FOUND = "经走访核实,登记有误。"


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_000_003", red={"name": "红榜", "size": 1, "measure": "gross_positive", "order": "highest"})
    return cast.household(name="赵六", number="0001")


@pytest.fixture
def posting(home: Household) -> Posting:
    deed = months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    return months.posting_of(deed)


def _notice(home: Household) -> Notice:
    return notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)


def _raised(home: Household, posting: Posting | None = None, notice: Notice | None = None) -> Objection:
    return objections.raise_objection(household=home, posting=posting, notice=notice, text=DOUBT, by=SYSTEM)


def _merit(home: Household) -> int:
    return int(Balance.objects.get(account__household=home, measure="merit").posted)


def test_an_upheld_objection_reverses_the_posting(home: Household, posting: Posting) -> None:
    assert _merit(home) == 6
    answered = objections.answer(objection=_raised(home, posting), upheld=True, finding=FOUND, by=SYSTEM)
    assert answered.state == ObjectionState.UPHELD
    assert answered.reversal is not None
    assert answered.reversal.reverses == posting
    assert _merit(home) == 0


def test_a_dismissed_objection_leaves_the_points_and_says_why(home: Household, posting: Posting) -> None:
    answered = objections.answer(objection=_raised(home, posting), upheld=False, finding=FOUND, by=SYSTEM)
    assert (answered.state, answered.finding, answered.reversal) == (ObjectionState.DISMISSED, FOUND, None)
    assert _merit(home) == 6


def test_a_correction_hangs_a_difference_notice_beside_the_old_one(home: Household, posting: Posting) -> None:
    notice = _notice(home)
    objections.answer(objection=_raised(home, posting), upheld=True, finding=FOUND, by=SYSTEM)
    difference = Notice.objects.get(kind=NoticeKind.DIFFERENCE)
    assert difference.corrects == notice
    [change] = difference.snapshot["changes"]
    assert (change["title"], change["points"]) == ("更正:植树造林", "-6")
    assert difference.snapshot["lists"]["red"]["rows"] == []


def test_no_difference_notice_before_the_entry_was_on_the_wall(home: Household, posting: Posting) -> None:
    objections.answer(objection=_raised(home, posting), upheld=True, finding=FOUND, by=SYSTEM)
    assert not Notice.objects.exists()


def test_two_upheld_objections_to_one_posting_reverse_it_once(cast: Cast, home: Household, posting: Posting) -> None:
    notice = _notice(home)
    first, second = _raised(home, posting), _raised(cast.household(), posting, notice)
    one = objections.answer(objection=first, upheld=True, finding=FOUND, by=SYSTEM)
    two = objections.answer(objection=second, upheld=True, finding=FOUND, by=SYSTEM)
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
    late = clock.at(notice.objections_until.replace(year=notice.objections_until.year + 1))
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(errors.ObjectionLate):
        _raised(home, notice=notice)
    assert not Objection.objects.exists()


def test_another_villages_notice_is_nobodys_here(cast: Cast, home: Household) -> None:
    other = notices.publish_quarter(village=cast.village("竹溪村"), year=2026, quarter=3, by=SYSTEM)
    with pytest.raises(errors.NoticeUnknown):
        _raised(home, notice=other)


def test_the_same_question_is_not_asked_twice_at_once(home: Household, posting: Posting) -> None:
    _raised(home, posting)
    with pytest.raises(errors.ObjectionTwice):
        _raised(home, posting)


def test_what_is_corrected_already_is_not_questioned(home: Household, posting: Posting) -> None:
    objections.answer(objection=_raised(home, posting), upheld=True, finding=FOUND, by=SYSTEM)
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


def test_an_answer_gives_a_finding(home: Household, posting: Posting) -> None:
    with pytest.raises(errors.FindingMissing):
        objections.answer(objection=_raised(home, posting), upheld=True, finding=" ", by=SYSTEM)
    assert _merit(home) == 6


def test_an_answer_is_given_once(home: Household, posting: Posting) -> None:
    objection = _raised(home, posting)
    objections.answer(objection=objection, upheld=False, finding=FOUND, by=SYSTEM)
    with pytest.raises(errors.ObjectionAnswered):
        objections.answer(objection=objection, upheld=True, finding=FOUND, by=SYSTEM)
    assert _merit(home) == 6


def test_nobody_answers_for_her_own_household(cast: Cast, home: Household, posting: Posting) -> None:
    own = Actor.of(cast.villager(home))
    actor = Actor(own.realm, own.id, own.name, home.head_id)
    with pytest.raises(errors.OwnHousehold):
        objections.answer(objection=_raised(home, posting), upheld=True, finding=FOUND, by=actor)


def test_nobody_answers_for_a_declared_relative(cast: Cast, home: Household, posting: Posting) -> None:
    member = cast.household(name="李委员").head
    assert member is not None
    assert home.head is not None
    Relative.objects.create(resident=member, other=home.head, kind="sibling", declared_on=JULY)
    actor = Actor("t_alpha", 9, "李委员", member.pk)
    with pytest.raises(errors.OwnHousehold):
        objections.answer(objection=_raised(home, posting), upheld=False, finding=FOUND, by=actor)


def test_whoever_answers_a_whole_notice_names_what_to_correct(home: Household, posting: Posting) -> None:
    objection = _raised(home, notice=_notice(home))
    answered = objections.answer(objection=objection, upheld=True, finding=FOUND, by=SYSTEM, posting=posting)
    assert answered.posting == posting
    assert _merit(home) == 0


def test_an_upheld_question_without_points_publishes_the_finding(home: Household) -> None:
    objections.answer(objection=_raised(home, notice=_notice(home)), upheld=True, finding=FOUND, by=SYSTEM)
    assert Notice.objects.get(kind=NoticeKind.DIFFERENCE).snapshot["reason"] == FOUND


def test_an_answer_reverses_nothing_that_the_questioned_notice_does_not_show(
    cast: Cast, home: Household, posting: Posting
) -> None:
    neighbour = cast.household(cast.village("李家村"), name="孙七")
    deed = months.deed(neighbour, "植树", JULY, facts={"quantity": "2"})
    months.post(neighbour.village, JULY)
    objection = _raised(home, notice=_notice(home))
    with pytest.raises(errors.ObjectionForeign):
        objections.answer(objection=objection, upheld=True, finding=FOUND, by=SYSTEM, posting=months.posting_of(deed))
    objection.refresh_from_db()
    assert (objection.state, _merit(neighbour)) == (ObjectionState.RAISED, 6)
