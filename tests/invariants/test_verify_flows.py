"""``jifen verify`` over shops, payments, exceptions and the roster where flows decide: clean, and what it finds."""

from datetime import timedelta

import pytest

from jifen.accounts.models import User
from jifen.approvals import selectors, services
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from redemption.services import exceptions, settlements
from tenants.community.services import changes
from tenants.models import Town
from tests.invariants import book
from tests.redemption.market import Market
from tests.redemption.test_exceptions import asked, closed
from tests.scoring.owner import owner

KINDS = ("membership", "settlement", "redemption_exception", "roster_change")
LI_HOME = (
    "(SELECT m.household_id FROM community_householdmember m JOIN community_resident r ON r.id = m.resident_id"
    " WHERE r.name = '李委员')"
)
OPEN_ITEM = """
INSERT INTO approvals_item (flow_id, subject_kind, subject_id, state, facts, routes, starter_realm, starter_id,
    starter_name, started_at, reminders)
SELECT f.id, 'membership', m.id, 'open', '{}', '{}', 'system', 0, '系统', now(), 0
FROM approvals_flow f, redemption_membership m WHERE f.subject_kind = 'membership'
"""
OTHER_HEAD = """
UPDATE community_household h SET head_id = (
    SELECT m.resident_id FROM community_householdmember m WHERE m.household_id <> h.id ORDER BY m.id LIMIT 1)
"""
EXCHANGE, EXCUSES, CHANGES = "redemption_redemption", "redemption_redemptionexception", "community_rosterchange"
PLANTS = {
    "按特例的兑换与批准的一致，没有过期": (
        EXCHANGE,
        f"UPDATE {EXCHANGE} SET quantity = 2 WHERE exception_id IS NOT NULL",
    ),
    "兑换期外的兑换都有特例": (EXCUSES, f"UPDATE {EXCUSES} SET kind = 'card' WHERE state = 'approved'"),
    "特例的状态与审批一致": (EXCUSES, f"UPDATE {EXCUSES} SET state = 'approved' WHERE state = 'refused'"),
    "加盟的状态与审批一致": ("approvals_item", OPEN_ITEM),
    "经审批的结算单同意后才付款": ("redemption_settlement", "UPDATE redemption_settlement SET approved_at = NULL"),
    "没有人决定自己家或自家店的加盟、结算、特例": (
        "redemption_membership",
        f"UPDATE redemption_membership SET run_by_id = {LI_HOME}",
    ),
    "名册变更的状态与审批一致": (CHANGES, f"UPDATE {CHANGES} SET state = 'done' WHERE state = 'refused'"),
    "没有人决定自己家的名册变更": (CHANGES, f"UPDATE {CHANGES} SET household_id = {LI_HOME}"),
    "户主是本户的成员": ("community_household", OTHER_HEAD),
    "一个特例只兑换一次": (
        EXCHANGE,
        f"UPDATE {EXCHANGE} SET exception_id = (SELECT max(exception_id) FROM {EXCHANGE})",
    ),
}


def decided(kind: str, pk: int, by: User, verdict: str = "approve") -> None:
    item = selectors.open_item(kind, pk)
    assert item is not None
    services.decide(item=item, verdict=verdict, reason="资料不全", by=Actor.of(by))


@pytest.fixture
def lived(committing_town: Town, market: Market) -> Market:
    """A redemption and one by an exception, another refused, both paid; a change made and one refused."""
    li = market.cast.committee(market.village)
    market.bought()
    closed(market)
    for kind in KINDS:
        services.install(subject_kind=kind, steps=[{"name": "看", "who": {"user": li.pk}}], by=SYSTEM)
    good, bad = asked(market), asked(market, "threshold")
    decided(exceptions.SUBJECT_KIND, good.pk, li)
    decided(exceptions.SUBJECT_KIND, bad.pk, li, "reject")
    market.bought(exception=good)
    [bill] = settlements.draw_all(from_date=clock.today(), to_date=clock.today(), by=SYSTEM)
    settlements.agree(settlement=bill, by=market.by)
    decided("settlement", bill.pk, li)
    settlements.pay(settlement=bill, note="转账1", by=Actor.of(market.cast.officer()))
    _changed(market, li)
    return market


def _changed(market: Market, li: User) -> None:
    day = (clock.today() - timedelta(days=30)).isoformat()
    steward = Actor.of(market.cast.steward(market.village))
    for name, verdict in (("李四", "approve"), ("李五", "reject")):
        terms = {"name": name, "relation": "子", "from_date": day}
        row = changes.make(household=market.household, kind="member_in", terms=terms, by=steward)
        decided("roster_change", row.pk, li, verdict)


def test_what_flows_decided_has_no_breach(lived: Market) -> None:
    mine = set(PLANTS) & set(book.breaches())
    assert mine == set()


def test_verify_finds_what_was_done_past_the_flow(lived: Market) -> None:
    with owner("t_alpha") as sql:
        sql.execute("DROP INDEX redemption_exception_used_once")
        for title, (table, act) in PLANTS.items():
            assert title not in book.breaches(), title
            sql.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            sql.execute(act)
            sql.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            assert book.breaches().get(title, 0) > 0, title
