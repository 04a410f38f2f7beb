"""A deed that was posted without all the evidence its rule asks for can be put right; what comes later counts."""

from datetime import date
from decimal import Decimal

import pytest

from jifen.files.models import File
from jifen.kernel.actors import SYSTEM, Actor
from reporting.models import Objection
from reporting.services import answers, inquiries, objections
from scoring import errors as scoring
from scoring.models import Declaration, Entry, Posting, Rule
from scoring.rules.spec import Rulebook
from scoring.services import declarations, rulebooks
from scoring.services.corrections import Correction
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months
from tests.reporting.flows import COMMITTEE, OFFICE, choose, who
from tests.scoring.desk import RULES, rule, scheme

JULY = date(2026, 7, 6)
FOUND = "经走访核实，登记有误。"
DUG = {"kind": "per_unit", "points": 1, "unit": "米"}
NAMED = [{"name": "seen_by", "label": "见证人", "kind": "person", "required": False}]
ASKED = [
    rule("dug", "清沟", DUG, evidence="required", proofs=[{"kind": "photo", "least": 2}]),
    rule("heard", "劝和", DUG, evidence="required", inputs=NAMED,
         proofs=[{"kind": "photo", "least": 2}, {"kind": "witness", "least": 1}]),
]  # fmt: skip


@pytest.fixture
def member(cast: Cast) -> Actor:
    months.set_up("seed_001")
    book = Rulebook.model_validate({"categories": [{"name": "人居环境"}], "rules": [*RULES, *ASKED]})
    chosen = scheme().model_copy(update={"rulebook": book})
    rulebooks.install(scheme=chosen, effective_from=date(2026, 2, 1), resolution="村民代表会议", by=SYSTEM)
    return months.investigator(cast)


@pytest.fixture
def home(cast: Cast, member: Actor) -> Household:
    return cast.household(name="赵六", number="0001")


def told(home: Household, code: str = "dug", **inputs: str) -> Declaration:
    """Three metres with one picture, where two are asked for: worth nothing yet."""
    facts = {"quantity": "3"} | ({"inputs": inputs} if inputs else {})
    deed = declarations.record(
        household=home, resident=None, rule=Rule.objects.get(code=code), happened_on=JULY, place="村口",
        reason="见记录", channel="window", declared_by="steward", facts=facts, evidence=[months.photo()], by=SYSTEM,
    )  # fmt: skip
    assert "还缺照片1份" in deed.undecided
    return deed


def given(deed: Declaration) -> Posting:
    """The committee gives three points all the same, and they are posted."""
    months.post(deed.village, JULY, verdict="adjusted", points=3, redeemable=3, reason="有人见过")
    return months.posting_of(deed)


def answered(posting: Posting, home: Household, by: Actor, *evidence: File, **facts: object) -> Objection:
    raised = objections.raise_objection(household=home, posting=posting, text="不对。", by=SYSTEM)
    right = Correction(home, None, facts)
    return answers.answer(objection=raised, upheld=True, finding=FOUND, correction=right, evidence=evidence, by=by)


def files(deed: Declaration | None) -> int:
    assert deed is not None
    return deed.evidence.count()


def merit(deed: Declaration | None) -> Decimal:
    return Entry.objects.get(posting__declaration=deed, posting__reverses=None, measure="merit").amount


def test_what_was_posted_without_evidence_is_put_right_without_it(home: Household, member: Actor) -> None:
    done = answered(given(told(home)), home, member, quantity="2")
    assert (merit(done.corrected), files(done.corrected)) == (2, 1)


def test_files_that_come_with_the_answer_are_evidence_of_what_was_right(home: Household, member: Actor) -> None:
    picture = months.photo()
    done = answered(given(told(home)), home, member, picture, quantity="2")
    assert files(done.corrected) == 2 and done.files.get().file == picture


def test_what_the_first_one_had_is_still_asked_for(home: Household, member: Actor) -> None:
    deed = told(home, "heard", seen_by="王五")
    posting = given(deed)
    with pytest.raises(scoring.FactsMissing, match="还缺证明人1份"):
        answered(posting, home, member, quantity="2")
    assert Posting.objects.filter(reverses=posting).count() == 0


def test_a_deed_that_is_not_posted_yet_needs_its_evidence(home: Household, member: Actor) -> None:
    deed = told(home)
    raised = objections.raise_objection(household=home, declaration=deed, text="不对。", by=SYSTEM)
    right = Correction(home, None, {"quantity": "2"})
    with pytest.raises(scoring.FactsMissing, match="还缺照片1份"):
        answers.answer(objection=raised, upheld=True, finding=FOUND, correction=right, by=member)
    more = [months.photo()]
    done = answers.answer(objection=raised, upheld=True, finding=FOUND, correction=right, evidence=more, by=member)
    assert done.corrected is not None and (done.corrected.points, files(done.corrected)) == (2, 2)


def test_in_a_flow_what_one_hands_in_counts_for_the_last_word(home: Household, cast: Cast) -> None:
    cast.officer(name="陈经办")
    choose("objection", COMMITTEE, OFFICE)
    raised = objections.raise_objection(household=home, posting=given(told(home)), text="不对。", by=SYSTEM)
    right, picture = Correction(home, None, {"quantity": "2"}), months.photo()
    said = {"objection": raised, "upheld": True, "correction": right}
    inquiries.speak(**said, finding=FOUND, evidence=[picture], by=who("吴委员"))
    inquiries.speak(**said, finding="同意。", by=who("陈经办"))
    raised.refresh_from_db()
    assert (merit(raised.corrected), files(raised.corrected)) == (2, 2)
