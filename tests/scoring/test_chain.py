"""From a deed to the ledger."""

from decimal import Decimal

from scoring import selectors
from scoring.models import Balance, Entry, Posting
from scoring.verify import checks
from tests.scoring.desk import Desk


def test_a_deed_becomes_merit_and_redeemable_points(desk: Desk) -> None:
    desk.record("tidy")
    assert desk.post() == 2
    assert {(row.measure, row.amount) for row in Entry.objects.all()} == {("merit", 2), ("redeemable", 2)}
    assert selectors.available(desk.zhang) == Decimal(2)


def test_a_persons_deed_is_hers_and_counts_for_her_household(desk: Desk) -> None:
    desk.record("help", resident=desk.head())
    desk.post()
    merit = Entry.objects.get(measure="merit")
    assert merit.account.resident == desk.head() and merit.household == desk.zhang
    assert desk.merit() == 5 and selectors.available(desk.zhang) == 5
    assert Balance.objects.get(measure="redeemable").account.household == desk.zhang


def test_every_step_leaves_the_checks_clean(desk: Desk) -> None:
    for code in ("tidy", "litter", "class", "class", "honour"):
        desk.record(code)
    desk.post()
    assert Posting.objects.count() == 5
    assert {check.title: check.breaches() for check in checks() if check.breaches()} == {}
