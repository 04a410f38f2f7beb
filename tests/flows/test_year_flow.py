"""A town that approves the close of a year in a flow; two people in any case (I7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.approvals import abilities, naming, registry
from jifen.approvals import errors as approval
from jifen.approvals import selectors as flow_items
from jifen.approvals import services as approvals
from jifen.approvals.definition import parse
from jifen.approvals.models import Item, Word
from jifen.clocks.models import Due
from jifen.files.models import File
from jifen.flows import close_year, errors
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from scoring import year_errors
from scoring.models import YearRequest
from scoring.services import years
from scoring.verify import checks
from tests.flows.conftest import LAST
from tests.scoring.desk import Desk, photo
from tests.together import together

OFFICE = {"name": "镇里批准", "who": [{"role": "town_officer"}, {"role": "town_admin"}]}


@pytest.fixture
def town_flow(lived: Desk) -> Desk:
    lived.cast.admin()
    approvals.install(subject_kind="year_close", steps=[OFFICE], by=SYSTEM)
    return lived


def boss() -> User:
    return User.objects.get(display_name="周主任")


def item() -> Item:
    return Item.objects.get(subject_kind="year_close")


def sound() -> bool:
    return not [check.title for check in checks() if check.code == "I7" and check.breaches()]


def test_one_proposes_and_the_flow_approves(town_flow: Desk) -> None:
    officer, admin = Actor.of(town_flow.officer), Actor.of(boss())
    close_year.propose(number=LAST, by=officer)
    assert item().facts == {"year": LAST, "households": 4, "expiring": "6.00"}
    with pytest.raises(errors.YearInFlow, match="镇里批准"):
        close_year.confirm(number=LAST, by=admin)
    assert YearRequest.objects.get().state == "proposed"
    approvals.decide(item=item(), verdict="approve", by=admin)
    asked = YearRequest.objects.get()
    assert (asked.state, asked.confirmer_name) == ("confirmed", "周主任")
    assert Due.objects.filter(kind=close_year.CLOSE, period=f"{LAST}#{asked.pk}").exists() and sound()


def test_the_one_who_proposes_stands_back(town_flow: Desk) -> None:
    officer = Actor.of(town_flow.officer)
    close_year.propose(number=LAST, by=officer)
    with pytest.raises(approval.Recused):
        approvals.decide(item=item(), verdict="approve", by=officer)
    assert [row.user_id for row in flow_items.recused(item())] == [officer.id]
    assert YearRequest.objects.get().state == "proposed" and sound()


def entered(by: Actor, speaker: User) -> None:
    words = [approvals.PaperWord(speaker.pk, "approve")]
    scan = File.objects.filter(key="t_alpha/ready").first() or photo("ready")
    approvals.decide_on_paper(item=item(), words=words, scan=scan, signed_on=clock.today(), by=by)


def test_the_one_who_proposes_enters_nobodys_approval(town_flow: Desk) -> None:
    officer, third = Actor.of(town_flow.officer), Actor.of(town_flow.cast.officer("吴经办"))
    close_year.propose(number=LAST, by=officer)
    with pytest.raises(approval.Recused):
        entered(officer, boss())
    assert YearRequest.objects.get().state == "proposed" and "paper" not in abilities.of(item(), town_flow.officer)
    entered(third, boss())
    asked = YearRequest.objects.get()
    assert (asked.state, asked.confirmer_name) == ("confirmed", "周主任") and sound()


def test_verify_finds_an_approval_that_the_proposer_entered(town_flow: Desk) -> None:
    officer, admin = Actor.of(town_flow.officer), Actor.of(boss())
    close_year.propose(number=LAST, by=officer)
    approvals.decide(item=item(), verdict="approve", by=admin)
    assert sound()
    told = {"item": item(), "kind": "approve", "speaker_id": admin.id, "at": clock.now()}
    Word.objects.create(**officer.columns(), **told, data={"scan": 1})
    assert [check.title for check in checks() if check.breaches()] == ["封账的同意不由提出人录入"]


def test_a_refusal_takes_the_proposal_back(town_flow: Desk) -> None:
    close_year.propose(number=LAST, by=Actor.of(town_flow.officer))
    approvals.decide(item=item(), verdict="reject", reason="还有村没有公示", by=Actor.of(boss()))
    assert YearRequest.objects.get().state == "withdrawn" and sound()
    with pytest.raises(year_errors.YearNotApproved):
        years.seal(year=YearRequest.objects.get().year, by=SYSTEM)


def test_whoever_may_propose_takes_it_back(town_flow: Desk) -> None:
    close_year.propose(number=LAST, by=Actor.of(town_flow.officer))
    close_year.withdraw(number=LAST, by=Actor.of(boss()))
    assert (item().state, YearRequest.objects.get().state) == ("withdrawn", "withdrawn") and sound()


@pytest.mark.parametrize("step", [{"empty": "skip", "who": {"role": "volunteer"}}, {"who": {"role": "volunteer"}}])
def test_no_year_closes_by_nobodys_word(town_flow: Desk, step: dict[str, Any]) -> None:
    approvals.install(subject_kind="year_close", steps=[{**OFFICE, **step}], by=SYSTEM)
    try:
        close_year.propose(number=LAST, by=Actor.of(town_flow.officer))
    except year_errors.YearNeedsPeople:
        assert step.get("empty") == "skip" and not YearRequest.objects.exists()
    assert not YearRequest.objects.filter(state="confirmed").exists() and sound()


def test_a_time_limit_closes_nothing(town_flow: Desk) -> None:
    limit = {"days": 2, "then": "pass"}
    approvals.install(subject_kind="year_close", steps=[{**OFFICE, "limit": limit}], by=SYSTEM)
    close_year.propose(number=LAST, by=Actor.of(town_flow.officer))
    approvals.sweep(now=item().started_at + timedelta(days=365))
    assert (item().state, YearRequest.objects.get().state) == ("open", "proposed")
    approvals.decide(item=item(), verdict="approve", by=Actor.of(boss()))
    assert YearRequest.objects.get().state == "confirmed" and sound()


def test_reopening_stays_with_two_people(town_flow: Desk) -> None:
    close_year.propose(number=LAST, by=Actor.of(town_flow.officer))
    approvals.decide(item=item(), verdict="approve", by=Actor.of(boss()))
    close_year.close(number=LAST, by=SYSTEM)
    close_year.propose_reopening(number=LAST, reason="复查", by=Actor.of(town_flow.officer))
    assert Item.objects.filter(subject_kind="year_close").count() == 1
    close_year.confirm(number=LAST, by=Actor.of(boss()))
    assert YearRequest.objects.filter(kind="reopen", state="done").exists() and sound()


def test_the_page_shows_where_it_stands(
    town_flow: Desk, client_for: Callable[..., Any], api_client: Callable[..., Any]
) -> None:
    mine, other = client_for(town_flow.officer), client_for(boss())
    assert "提出的人要回避" in mine.get(f"/office/years/{LAST}/").content.decode()
    mine.post(f"/office/years/{LAST}/propose/")
    shown = other.get(f"/office/years/{LAST}/").content.decode()
    assert "镇里批准" in shown and "轮到您，去办理" in shown and "批准封账</button>" not in shown
    refused = api_client(boss()).post(f"/api/v1/years/{LAST}/closing/confirmation/")
    assert (refused.status_code, refused.json()["code"]) == (409, "year_in_flow")


def test_the_designer_warns_of_one_person_and_of_silence(town_flow: Desk) -> None:
    kind = registry.subject("year_close")
    lonely = {"name": "主任", "who": {"user": boss().pk}, "limit": {"days": 1, "then": "pass"}}
    found = {one.code for one in naming.concerns(parse([lonely]), kind)}
    assert {"second_person", "silence_closes_nothing"} <= found
    assert not {"second_person"} & {one.code for one in naming.concerns(parse([OFFICE]), kind)}


@pytest.fixture
def committed(committing_town: object, request: pytest.FixtureRequest) -> Desk:
    desk: Desk = request.getfixturevalue("town_flow")
    return desk


def test_an_approval_the_clock_and_a_withdrawal_at_once_end_in_one_state(committed: Desk) -> None:
    officer, admin = Actor.of(committed.officer), Actor.of(boss())
    close_year.propose(number=LAST, by=officer)
    row = item()
    results = together(
        lambda: approvals.decide(item=row, verdict="approve", by=admin),
        lambda: close_year.withdraw(number=LAST, by=officer),
        lambda: close_year.close(number=LAST, by=SYSTEM),
    )
    assert all(isinstance(one, JifenError) or not isinstance(one, Exception) for one in results)
    asked = YearRequest.objects.get()
    assert (asked.state in ("confirmed", "done")) == (item().state == "approved") or asked.state == "withdrawn"
    assert sound()
