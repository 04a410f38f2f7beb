"""A decider in a flow writes how a deed should have been recorded: every kind of figure, by page and by program."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.kernel.actors import SYSTEM
from reporting import verify
from reporting.models import Notice, NoticeKind, Objection, ObjectionOpinion
from reporting.services import answers, notices, objections
from scoring.models import Declaration, Entry, Posting, Rule
from scoring.rules.spec import Rulebook
from scoring.selectors import raters
from scoring.services import declarations, rulebooks
from scoring.services.corrections import Correction
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months
from tests.reporting.flows import COMMITTEE, OFFICE, choose, say, who
from tests.scoring.desk import RULES, rule, scheme
from tests.scoring.wide import WIDE

Clients = Callable[..., Any]
JULY = date(2026, 7, 6)
FOUND = "经走访核实，登记有误。"
PICTURED = rule("pictured", "庭院照片", 2, inputs=[
    {"name": "seen", "label": "现场照片", "kind": "photo"},
    {"name": "many", "label": "盆数", "kind": "number"}])  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What was told of ``code``, what is right, as the page sends it (``form``), and what it is worth then."""

    code: str
    told: Mapping[str, Any]
    right: Mapping[str, Any]
    form: Mapping[str, str]
    points: str


RATERS = {"neighbour": ["0002", "0003", "0004"]}
CASES = [
    Case("trees", {"quantity": "2"}, {"quantity": "5.00"}, {"quantity": "5.00"}, "15"),
    Case("host", {"points": "2"}, {"points": "4.00"}, {"points": "4.00"}, "4"),
    Case("prize", {"tier": "village"}, {"tier": "town"}, {"tier": "town"}, "4"),
    Case("stay", {"inputs": {"stay": "2026-07-01/2026-07-02"}}, {"inputs": {"stay": "2026-07-01/2026-07-04"}},
         {"input_stay_start": "2026-07-01", "input_stay_end": "2026-07-04"}, "8"),
    Case("yard", {"scores": {"tidy": "50", "green": "25"}}, {"scores": {"tidy": "55.00", "green": "38.00"}},
         {"score_tidy": "55.00", "score_green": "38.00"}, "5"),
    Case("neighbourly", {"ratings": {"neighbour": ["4", "4", "4"]}, "raters": RATERS},
         {"ratings": {"neighbour": ["8.00", "8.00", "8.00"]}, "raters": RATERS},
         {"rating_neighbour": "0002 8.00、0003 8.00、0004 8.00"}, "8"),
    Case("wedding", {"inputs": {"tables": "10", "simple": "是", "kind": "婚事"}},
         {"inputs": {"tables": "12", "held_on": "2026-07-05", "simple": "否", "kind": "丧事"}},
         {"input_tables": "12", "input_held_on": "2026-07-05", "input_simple": "否", "input_kind": "丧事"}, "8"),
    Case("gift", {"inputs": {"money": "40000"}}, {"inputs": {"money": "20000.50"}}, {"input_money": "20000.50"}, "10"),
]  # fmt: skip
BY_KIND = pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_001")
    book = Rulebook.model_validate({"categories": [{"name": "人居环境"}], "rules": [*RULES, *WIDE, PICTURED]})
    chosen = scheme().model_copy(update={"rulebook": book})
    rulebooks.install(scheme=chosen, effective_from=date(2026, 2, 1), resolution="村民代表会议", by=SYSTEM)
    cast.committee(name="吴委员")
    cast.officer(name="陈经办")
    for place, name in enumerate(("孙七", "周八", "吴九"), start=2):
        cast.household(name=name, number=f"000{place}")
    return cast.household(name="赵六", number="0001")


def recorded(home: Household, code: str, told: Mapping[str, Any]) -> Declaration:
    return declarations.record(
        household=home, resident=None, rule=Rule.objects.get(code=code), happened_on=JULY, place="村口",
        reason="见记录", channel="window", declared_by="steward", facts=told, evidence=[months.photo()], by=SYSTEM,
    )  # fmt: skip


def questioned(home: Household, case: Case) -> Objection:
    """Posted, shown on the quarter's notice, and questioned in a flow of two steps."""
    choose("objection", COMMITTEE, OFFICE)
    deed = recorded(home, case.code, case.told)
    months.post(home.village, JULY)
    notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    posting = months.posting_of(deed)
    return objections.raise_objection(household=home, posting=posting, text="不对。", by=SYSTEM)


def check(objection: Objection, case: Case) -> None:
    """After the last word: what was right stands in the place of what was wrong, and both are shown."""
    say("陈经办")
    objection.refresh_from_db()
    right, wrong = objection.corrected, objection.posting
    assert right is not None and wrong is not None and wrong.declaration is not None
    posting = Posting.objects.get(declaration=right)
    facts = raters.told(right.facts)
    assert ({name: facts[name] for name in case.right}, posting.corrects) == (case.right, wrong)
    assert Entry.objects.get(posting=posting, measure="merit").amount == Decimal(case.points)
    [gone, anew] = Notice.objects.get(kind=NoticeKind.DIFFERENCE).snapshot["changes"]
    assert (Decimal(gone["points"]), anew["points"]) == (-wrong.declaration.points, case.points)
    assert [one.title for one in verify.checks() if one.code == "approval_objection" and one.breaches()] == []


@BY_KIND
def test_on_the_page_the_right_figures_are_kept_and_posted(home: Household, case: Case, client_for: Clients) -> None:
    objection = questioned(home, case)
    sent = {"verdict": "corrected", "finding": FOUND, "household": "0001", "person": "", **case.form}
    browser = client_for(User.objects.get(display_name="吴委员"))
    answer = browser.post(f"/village/objections/{objection.pk}/", sent, follow=True)
    assert "您的意见已经记下" in answer.content.decode()
    check(objection, case)


@BY_KIND
def test_by_program_the_right_figures_are_kept_and_posted(home: Household, case: Case, api_client: Clients) -> None:
    objection = questioned(home, case)
    program = api_client(User.objects.get(display_name="吴委员"))
    sent = {"upheld": True, "finding": FOUND, "correction": {"facts": case.right}}
    answer = program.post(f"/api/v1/objections/{objection.pk}/opinion/", sent)
    assert (answer.status_code, answer.json()["state"]) == (200, "raised")
    check(objection, case)


@BY_KIND
def test_a_direct_answer_records_the_same(home: Household, case: Case) -> None:
    direct = recorded(home, case.code, case.told)
    months.post(home.village, JULY)
    raised = objections.raise_objection(household=home, posting=months.posting_of(direct), text="不对。", by=SYSTEM)
    right = Correction(home, None, case.right)
    answers.answer(objection=raised, upheld=True, finding=FOUND, correction=right, by=who("吴委员"))
    raised.refresh_from_db()
    assert raised.corrected is not None and raised.corrected.points == Decimal(case.points)
    facts = raters.told(raised.corrected.facts)
    assert {name: facts[name] for name in case.right} == case.right


def test_the_photos_of_the_deed_stand_for_the_right_record_too(home: Household, client_for: Clients) -> None:
    case = Case(
        "pictured", {"inputs": {"seen": ["1"], "many": "3"}}, {"inputs": {"many": "4"}}, {"input_many": "4"}, "2"
    )
    objection = questioned(home, case)
    sent = {"verdict": "corrected", "finding": FOUND, "household": "0001", "person": "", **case.form}
    client_for(User.objects.get(display_name="吴委员")).post(f"/village/objections/{objection.pk}/", sent)
    [opinion] = ObjectionOpinion.objects.all()
    wrong = objection.posting
    assert wrong is not None and wrong.declaration is not None
    photos = [str(pk) for pk in wrong.declaration.evidence.values_list("file_id", flat=True)]
    assert opinion.facts["inputs"] == {"seen": photos, "many": "4"}
    say("陈经办")
    objection.refresh_from_db()
    assert objection.corrected is not None and objection.corrected.facts["inputs"]["many"] == "4"
