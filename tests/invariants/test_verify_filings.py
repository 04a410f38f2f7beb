"""``jifen verify`` over months that a flow answers: clean, and what it finds when somebody went around it."""

from typing import Any

import pytest

from jifen.approvals import services
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Filing
from scoring.services import filings, reviews
from tenants.models import Town
from tests.invariants import book
from tests.scoring.desk import MONTH, Desk
from tests.scoring.owner import owner

APART, AROUND = "月份的备案、审定与审批一致", "有流程的镇没有绕过流程备案、审定"
STEP: dict[str, Any] = {"name": "镇级办公室", "who": {"role": "town_officer"}}
PLANTS = [
    (APART, "approvals_item", "UPDATE approvals_item SET state = 'withdrawn' WHERE subject_kind = 'filing'"),
    (APART, "approvals_item", "UPDATE approvals_item SET state = 'terminated' WHERE subject_kind = 'filing'"),
    (APART, "scoring_filing", "UPDATE scoring_filing SET state = 'sent' WHERE state = 'confirmed'"),
    (APART, "scoring_filing", "UPDATE scoring_filing SET kind = 'filing', state = 'returned' WHERE state <> 'sent'"),
    (AROUND, "approvals_item", "UPDATE approvals_item SET subject_id = 0 WHERE state = 'approved'"),
]


@pytest.fixture
def lived(committing_town: Town, desk: Desk) -> Desk:
    """A month that was sent back, decided anew and confirmed by the flow; another before the town had one."""
    desk.choose(after="confirmation")
    village = desk.cast.village("李家村")
    member = desk.cast.committee(village, name="孙委员")
    sheet = reviews.open_month(village=village, month=MONTH, by=SYSTEM)
    reviews.sign(review=sheet, role=member.village_roles.get(), by=Actor.of(member))
    officer = Actor.of(desk.officer)
    filings.answer(filing=reviews.close(review=sheet, by=Actor.of(member)), accept=True, by=officer)
    services.install(subject_kind="filing", steps=[STEP], by=SYSTEM)
    desk.record("tidy")
    filing = desk.decide_all(desk.sheet())
    filings.answer(filing=filing, accept=False, note="请核对", by=officer)
    filings.answer(filing=desk.sign_and_close(filing.review), accept=True, by=officer)
    return desk


def test_what_the_flow_answered_has_no_breach(lived: Desk) -> None:
    assert sorted(Filing.objects.values_list("state", flat=True)) == ["confirmed", "confirmed", "returned"]
    assert not {APART, AROUND} & set(book.breaches())


@pytest.mark.parametrize(("title", "table", "act"), PLANTS)
def test_verify_finds_a_month_answered_around_its_flow(lived: Desk, title: str, table: str, act: str) -> None:
    with owner("t_alpha") as sql:
        for statement in (
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            act,
            f"ALTER TABLE {table} ENABLE TRIGGER USER",
        ):
            sql.execute(statement)
    assert book.breaches().get(title, 0) > 0
