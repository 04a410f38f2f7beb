"""``jifen verify`` finds nothing wrong with a lived month, and finds what somebody with the owner's password did."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from jifen.flows import verify
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.checks import town_checks
from jifen.kernel.tenancy import entered
from jifen.outbox import services as outbox
from redemption.services import redemptions, settlements, vouchers
from reporting import policies
from reporting.services import notices
from scoring.models import Entry, Posting
from scoring.rules import library
from scoring.services import ledger, years
from tenants.community.models import TownProfile
from tenants.models import Town
from tests.invariants import book
from tests.redemption import market as markets
from tests.scoring import closing
from tests.scoring.desk import NOW, Desk
from tests.scoring.owner import owner

PLANTS = {
    "结算单的合计等于各笔之和": (
        "redemption_settlement",
        "UPDATE redemption_settlement SET fen = fen + 1",
    ),
    "区级数据加未汇总消息等于各镇台账之和": (
        "public.outbox_message",
        "UPDATE public.district_ledgerfigure SET positive = positive + 1",
    ),
    "没有人审定自己家或亲属家的行为": (
        "scoring_reviewitem",
        "UPDATE scoring_reviewitem SET decided_by_resident_id = (SELECT min(resident_id) FROM scoring_account)",
    ),
    "余额等于账目之和": (
        "scoring_balance",
        "UPDATE scoring_balance SET posted = posted + 5, positive = positive + 5 WHERE measure = 'merit'",
    ),
    "记账不超过审定的分值": (
        "scoring_entry",
        "UPDATE scoring_entry SET amount = 90 WHERE cause = 'declaration' AND amount = 6",
    ),
    "兑换预留的积分与账户冻结的积分相等": (
        "scoring_balance",
        "UPDATE scoring_balance SET held = held + 1 WHERE measure = 'redeemable' AND posted > 0",
    ),
    "每笔兑换只扣一次可兑换积分，不动评比积分": (
        "redemption_redemption",
        "UPDATE redemption_redemption SET points = points + 1 WHERE state = 'captured'",
    ),
    "每笔账有来由、经办和决定": (
        "scoring_posting",
        "UPDATE scoring_posting SET actor_name = '' WHERE cause = 'opening'",
    ),
    "更正与更正标记一一对应": (
        "scoring_posting",
        "UPDATE scoring_posting SET reversed_at = NULL WHERE cause = 'opening'",
    ),
    "封账摘要可重新算出": ("scoring_yearseal", "UPDATE scoring_yearseal SET hash = repeat('0', 64)"),
    "封账年度没有新账目": ("scoring_yearseal", "UPDATE scoring_yearseal SET entries = entries + 1"),
    "积分计入行为当日所在的户": (
        "community_householdmember",
        "UPDATE community_householdmember SET from_date = current_date + 9 WHERE to_date IS NULL",
    ),
    "只给参加的户计分": (
        "community_application",
        "UPDATE community_application SET joined_on = current_date + 9 WHERE state = 'joined'",
    ),
    "登记的状态与记账一致": (
        "scoring_declaration",
        "UPDATE scoring_declaration SET state = 'approved' WHERE state = 'posted'",
    ),
    "上限用量等于账目所用": ("scoring_capuse", "UPDATE scoring_capuse SET used = used - 1"),
    "没有超过上限": ("scoring_capuse", "UPDATE scoring_capuse SET used = 999"),
    "已公示内容与其校验值一致": ("reporting_notice", "UPDATE reporting_notice SET sha256 = repeat('0', 64)"),
    "每个封存都能由记录重新算出": ("audit_auditrow", "UPDATE audit_auditrow SET action = 'nothing.done'"),
}


@pytest.fixture
def lived(committing_town: Town, desk: Desk) -> Desk:
    """A sealed year, a month with caps and a correction, exchanges, a settlement, a notice, drained and sealed."""
    last = years.open_year(number=NOW.year - 1, by=SYSTEM)
    points = {"merit": Decimal(3), "redeemable": Decimal(3)}
    day = clock.today().replace(year=NOW.year - 1, month=12, day=1)
    ledger.open_balance(household=desk.zhang, **points, document="签字表", day=day, by=SYSTEM)
    closing.seal(last)
    for code in ("tidy", "litter", "honour", "class", "class"):
        desk.record(code)
    for _ in range(3):
        desk.record("help", resident=desk.head())
    desk.post()
    ledger.reverse(posting=Posting.objects.earliest("pk"), reason="重复", by=SYSTEM)
    exchanged(desk)
    while outbox.drain():
        pass
    return desk


def exchanged(desk: Desk) -> None:
    """One bottle bought and settled, one returned, one still held; the sheet of paper on the wall."""
    market = markets.opened(desk.cast)
    kept, returned = market.bought(), market.bought()
    redemptions.reverse(redemption=returned, reason="破损", by=SYSTEM)
    vouchers.archive(redemption=kept)
    settlements.draw_all(from_date=clock.today(), to_date=clock.today(), by=SYSTEM)
    TownProfile.objects.get_or_create(name="树人镇", office_name="文明实践所", phone="023-70701234")
    section = library.load("seed_003").policy.model_dump(mode="json")
    policies.install(section=section, effective_from=date(NOW.year - 1, 1, 1), by=SYSTEM)
    notices.publish_quarter(village=desk.village, year=NOW.year - 1, quarter=4, by=SYSTEM)


def test_a_lived_month_has_no_breach(lived: Desk) -> None:
    assert Entry.objects.count() > 12
    assert book.breaches() == {}
    findings = list(verify.findings())
    assert {finding.where for finding in findings} == {"public", "t_alpha", "t_beta"}
    assert {f"I{number}" for number in range(1, 16)} - {finding.code for finding in findings} == {"I13"}


def test_verify_finds_what_was_done_past_the_guards(lived: Desk) -> None:
    before = book.breaches()
    with owner("t_alpha") as sql:
        for title, (table, act) in PLANTS.items():
            assert title not in before, title
            for statement in (
                f"ALTER TABLE {table} DISABLE TRIGGER USER",
                act,
                f"ALTER TABLE {table} ENABLE TRIGGER USER",
            ):
                sql.execute(statement)
            before = book.breaches()
            assert before.get(title, 0) > 0, title


def unguarded(sql: psycopg.Connection[Any], table: str, act: str) -> None:
    sql.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    sql.execute(act)
    sql.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def guards(sql: psycopg.Connection[Any]) -> Iterator[tuple[str, str]]:
    """Every trigger that somebody wrote for the town, with its table."""
    yield from sql.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = 't_alpha'::regnamespace"
    ).fetchall()


def test_verify_misses_each_guard_that_is_switched_off(committing_town: Town) -> None:
    with owner("t_alpha") as sql:
        found = list(guards(sql))
        assert len(found) > 30
        for table, name in found:
            sql.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
            assert guard_breaches() == 1, name
            sql.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
        assert guard_breaches() == 0


def test_verify_misses_a_guard_that_was_emptied_or_a_dropped_constraint(committing_town: Town) -> None:
    with owner("t_alpha") as sql:
        sql.execute(
            "CREATE OR REPLACE FUNCTION scoring_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
        emptied = guard_breaches()
        assert emptied > 10
        sql.execute("ALTER TABLE scoring_entry DROP CONSTRAINT scoring_merit_stays")
        assert guard_breaches() == emptied + 1


def guard_breaches() -> int:
    with entered("t_alpha"):
        [check] = [one for one in town_checks() if one.title == "触发器和约束与模板一致"]
        return check.breaches()
