"""Real threads: two who decide at once, and a decision against the clock."""

import pytest

from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.kernel.actors import SYSTEM
from reporting import jobs, verify
from reporting.models import Notice, NoticeDraft, Objection
from reporting.services import deadlines, drafts, inquiries
from scoring.models import Entry, Posting
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months
from tests.reporting.flows import COMMITTEE, choose, item, who
from tests.reporting.test_objection_flow import JULY, raised
from tests.together import together


@pytest.fixture
def home(committing_town: object, cast: Cast) -> Household:
    months.set_up("seed_000_003")
    for name in ("吴委员", "郑委员"):
        cast.committee(name=name)
    cast.officer(name="陈经办")
    choose("objection", COMMITTEE)
    choose("notice", COMMITTEE)
    found = cast.household(number="0001")
    months.deed(found, "植树", JULY, facts={"quantity": "2"})
    months.post(found.village, JULY)
    return found


@pytest.fixture
def objection(home: Household) -> Objection:
    return raised(home, Posting.objects.latest("pk"))


def sound() -> bool:
    return not [check.title for check in verify.checks() if check.breaches()]


def test_two_deciders_answer_an_objection_once(objection: Objection) -> None:
    people = {name: who(name) for name in ("吴委员", "郑委员")}

    def uphold() -> object:
        return inquiries.speak(objection=objection, upheld=True, finding="有误。", by=people["吴委员"])

    def dismiss() -> object:
        return approvals.decide(item=item(), verdict="reject", reason="没错。", by=people["郑委员"])

    results = together(uphold, dismiss)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    objection.refresh_from_db()
    reversals = Entry.objects.filter(cause="reversal", measure="merit").count()
    assert reversals == (objection.state == "upheld") and objection.opinions.count() == reversals and sound()


def test_a_decision_and_the_deadline_do_not_trip_each_other(objection: Objection) -> None:
    by, row = who("吴委员"), item()

    def decide() -> object:
        return approvals.decide(item=row, verdict="approve", reason="有误。", by=by)

    results = together(decide, lambda: deadlines.passed(f"{objection.pk}/village"))
    assert not any(isinstance(result, Exception) for result in results)
    objection.refresh_from_db()
    assert (objection.state, objection.answered_by_name) == ("upheld", "吴委员") and sound()


def test_an_approval_and_the_clock_hang_one_notice(home: Household) -> None:
    drafts.send(village=home.village, year=2026, quarter=3, by=SYSTEM)
    people, row = [who("吴委员"), who("郑委员")], item()

    def approve(number: int) -> object:
        return approvals.decide(item=row, verdict="approve", by=people[number])

    results = together(lambda: approve(0), lambda: approve(1), lambda: jobs.quarter_is_due("2026Q3"))
    assert sum(isinstance(result, Item) for result in results[:2]) == 1 and not isinstance(results[2], Exception)
    assert Notice.objects.filter(kind="village_quarter").count() == 1
    assert NoticeDraft.objects.filter(kind="village_quarter").count() == 1 and sound()


def test_three_who_send_at_once_make_one_draft(home: Household) -> None:
    made = together(*[lambda: drafts.send(village=home.village, year=2026, quarter=3, by=SYSTEM)] * 3)
    assert len({draft.pk for draft in made}) == 1 and Item.objects.filter(subject_kind="notice").count() == 1
