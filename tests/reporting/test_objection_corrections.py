"""An upheld objection puts the right record into the place of the wrong one."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.kernel.actors import SYSTEM, Actor
from reporting import errors, verify
from reporting.models import Notice, NoticeKind, Objection
from reporting.services import answers, notices, objections
from scoring import correction_errors as wrongs
from scoring import errors as scoring
from scoring import verify as ledger
from scoring.models import Balance, CapUse, Declaration, Posting
from scoring.services.corrections import Correction, correct
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months
from tests.scoring.owner import refusal

JULY = date(2026, 7, 6)
FOUND = "经走访核实，登记有误。"
CAPPED = "家庭卫生检查不达标"


@pytest.fixture
def member(cast: Cast) -> Actor:
    months.set_up("seed_000_003")
    return months.investigator(cast)


@pytest.fixture
def home(cast: Cast, member: Actor) -> Household:
    return cast.household(name="赵六", number="0001")


def _posted(home: Household, title: str, **facts: str) -> Declaration:
    deed = months.deed(home, title, JULY, facts=facts)
    months.post(home.village, JULY)
    return deed


def _corrected(deed: Declaration, household: Household, facts: Mapping[str, Any], by: Actor) -> Objection:
    posting = months.posting_of(deed)
    raised = objections.raise_objection(household=deed.household, posting=posting, text="不对。", by=SYSTEM)
    correction = Correction(household, None, facts)
    return answers.answer(objection=raised, upheld=True, finding=FOUND, correction=correction, by=by)


def _first(deed: Declaration) -> Posting:
    return Posting.objects.get(declaration=deed, cause="declaration")


def _merit(home: Household) -> Decimal:
    found = Balance.objects.filter(account__household=home, measure="merit").first()
    return found.posted if found else Decimal(0)


SKIPPED = ("审核表", "告知")


def _sound() -> list[str]:
    """The sheets of these tests bear no signatures, and nobody is heard; everything else holds."""
    asked = [one for one in (*verify.checks(), *ledger.checks()) if not any(word in one.title for word in SKIPPED)]
    return [check.title for check in asked if check.breaches()]


def test_the_right_amount_is_posted_in_place_of_the_wrong_one(home: Household, member: Actor) -> None:
    deed = _posted(home, "植树", quantity="2")
    answered = _corrected(deed, home, {"quantity": "5"}, member)
    right = Posting.objects.get(declaration=answered.corrected)
    assert (right.corrects, right.document) == (_first(deed), f"异议回执 {answered.number}")
    assert _merit(home) == 15
    assert _sound() == []


def test_the_right_household_gets_what_the_wrong_one_had(cast: Cast, home: Household, member: Actor) -> None:
    other = cast.household(name="钱七")
    _corrected(_posted(home, "植树", quantity="2"), other, {"quantity": "2"}, member)
    assert [_merit(home), _merit(other)] == [0, 6]
    assert _sound() == []


def test_a_deduction_waits_for_the_sheet_before_it_falls_on_another(cast: Cast, home: Household, member: Actor) -> None:
    other = cast.household(name="钱七")
    answered = _corrected(_posted(home, "焚烧秸秆"), other, {}, member)
    assert [_merit(home), _merit(other)] == [0, 0]
    assert answered.corrected is not None
    assert (answered.corrected.household, answered.corrected.state) == (other, "ready")


def test_the_difference_notice_shows_both_lines(home: Household, member: Actor) -> None:
    deed = _posted(home, "植树", quantity="2")
    notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    _corrected(deed, home, {"quantity": "5"}, member)
    difference = Notice.objects.get(kind=NoticeKind.DIFFERENCE)
    assert [row["points"] for row in difference.snapshot["changes"]] == ["-6", "15"]
    assert [row["points"] for row in difference.snapshot["lists"]["red"]["rows"]] == ["15"]


def test_the_caps_hold_for_a_correction_too(cast: Cast) -> None:
    """入户检查: once a month and household; what another deed used is not given to the corrected one."""
    months.set_up("seed_000")
    member, home = months.investigator(cast), cast.household(name="赵六")
    once, again = months.deed(home, CAPPED, JULY), months.deed(home, CAPPED, JULY)
    months.post(home.village, JULY)
    _corrected(again, home, {}, member)
    assert [_merit(home), CapUse.objects.get().used] == [once.points, 1]
    assert _sound() == []


def test_a_wrong_correction_changes_nothing(cast: Cast, home: Household, member: Actor) -> None:
    deed = _posted(home, "植树", quantity="2")
    stranger = cast.household(name="孙八", joined=False)
    with pytest.raises(scoring.HouseholdNotJoined):
        _corrected(deed, stranger, {"quantity": "2"}, member)
    assert _merit(home) == 6
    assert not Posting.objects.filter(cause="reversal").exists()


def test_what_still_stands_has_nothing_in_its_place(home: Household, member: Actor) -> None:
    deed = _posted(home, "植树", quantity="2")
    with pytest.raises(wrongs.NothingReversed):
        correct(declaration=deed, correction=Correction(home, None, {"quantity": "3"}), document="会议", by=member)
    assert _merit(home) == 6


def test_what_is_recorded_anew_has_to_differ(home: Household, member: Actor) -> None:
    deed = _posted(home, "植树", quantity="2")
    with pytest.raises(wrongs.CorrectionUnchanged) as refused:
        _corrected(deed, home, {"quantity": "2"}, member)
    assert "还是6分" in refused.value.message
    assert _merit(home) == 6
    assert not Posting.objects.filter(cause="reversal").exists()


def test_a_posting_is_corrected_once(home: Household, member: Actor) -> None:
    deed = _posted(home, "植树", quantity="2")
    _corrected(deed, home, {"quantity": "5"}, member)
    with pytest.raises(wrongs.AlreadyCorrected):
        correct(declaration=deed, correction=Correction(home, None, {"quantity": "3"}), document="会议", by=member)
    assert _merit(home) == 15


def test_the_database_puts_nothing_in_the_place_of_what_stands(home: Household, member: Actor) -> None:
    standing = _first(_posted(home, "植树", quantity="2"))
    copy = "declaration_id, 'x', reason, explanation, posted_at, actor_realm, actor_id, actor_name"
    words = refusal(
        "INSERT INTO scoring_posting (cause, corrects_id, declaration_id, document, reason, explanation, posted_at,"
        f" actor_realm, actor_id, actor_name) SELECT 'declaration', id, {copy} FROM scoring_posting WHERE id = %s",
        [standing.pk],
    )
    assert "I10: only a reversed posting" in words


def test_a_notice_as_a_whole_is_not_recorded_anew(home: Household, member: Actor) -> None:
    _posted(home, "植树", quantity="2")
    notice = notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    raised = objections.raise_objection(household=home, notice=notice, text="不对。", by=SYSTEM)
    with pytest.raises(errors.CorrectionOfNothing):
        answers.answer(objection=raised, upheld=True, finding=FOUND, correction=Correction(home, None, {}), by=member)
    assert not Notice.objects.filter(kind=NoticeKind.DIFFERENCE).exists()
