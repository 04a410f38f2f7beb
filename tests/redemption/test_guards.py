"""What PostgreSQL itself refuses, whoever asks (I3, I4, I14)."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from redemption.models import Offering, Redemption, Settlement, SettlementLine, Voucher
from redemption.services import redemptions, settlements
from tests.redemption.market import Market


def refused(sql: str, *values: Any) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


def drawn(market: Market) -> Settlement:
    today = clock.today()
    return settlements.draw_all(from_date=today, to_date=today, by=SYSTEM)[0]


def test_a_captured_redemption_is_final_but_for_its_return(market: Market) -> None:
    row = market.bought()
    for state in ("held", "released"):
        assert "I14" in refused("UPDATE redemption_redemption SET state = %s WHERE id = %s", state, row.pk)


def test_a_released_redemption_is_final(market: Market) -> None:
    row = redemptions.release(redemption=market.hold(), by=SYSTEM)
    assert "I14" in refused("UPDATE redemption_redemption SET state = 'captured' WHERE id = %s", row.pk)


@pytest.mark.parametrize("column", ["points", "fen", "quantity", "household_id", "fund_id"])
def test_what_was_exchanged_does_not_change(market: Market, column: str) -> None:
    row = market.bought()
    assert "I14" in refused(f"UPDATE redemption_redemption SET {column} = {column} + 1 WHERE id = %s", row.pk)


def test_the_moment_of_an_exchange_is_final(market: Market) -> None:
    row = market.bought()
    assert "I14" in refused(
        "UPDATE redemption_redemption SET ended_at = now() - interval '1 day' WHERE id = %s", row.pk
    )


def test_a_redemption_is_never_deleted(market: Market) -> None:
    assert "I14" in refused("DELETE FROM redemption_redemption WHERE id = %s", market.hold().pk)


def test_stock_never_falls_below_zero(market: Market) -> None:
    assert "stock" in refused("UPDATE redemption_offering SET stock = stock - 11 WHERE id = %s", market.offering.pk)
    assert Offering.objects.get(pk=market.offering.pk).stock == 10


def test_only_captured_redemptions_are_settled(market: Market) -> None:
    market.bought()
    bill, held = drawn(market), market.hold()
    said = refused(
        "INSERT INTO redemption_settlementline (settlement_id, redemption_id) VALUES (%s, %s)", bill.pk, held.pk
    )
    assert "only a captured" in said


def test_a_redemption_is_settled_once(market: Market) -> None:
    row = market.bought()
    bill = drawn(market)
    said = refused(
        "INSERT INTO redemption_settlementline (settlement_id, redemption_id) VALUES (%s, %s)", bill.pk, row.pk
    )
    assert "unique" in said or "重复" in said


def test_a_line_belongs_to_its_settlements_shop(market: Market) -> None:
    market.bought()
    bill = drawn(market)
    other = market.bought()
    said = refused("UPDATE redemption_settlement SET fund_id = fund_id + 1 WHERE id = %s", bill.pk)
    assert "do not change" in said
    SettlementLine.objects.create(settlement=bill, redemption=other)


def test_an_agreed_settlement_takes_no_line(market: Market) -> None:
    market.bought()
    bill = settlements.agree(settlement=drawn(market), by=SYSTEM)
    other = market.bought()
    said = refused(
        "INSERT INTO redemption_settlementline (settlement_id, redemption_id) VALUES (%s, %s)", bill.pk, other.pk
    )
    assert "takes no line" in said


def test_an_agreed_sum_does_not_change(market: Market) -> None:
    market.bought()
    bill = settlements.agree(settlement=drawn(market), by=SYSTEM)
    assert "I14" in refused("UPDATE redemption_settlement SET fen = fen + 1 WHERE id = %s", bill.pk)


def test_a_wrong_sum_is_not_agreed(market: Market) -> None:
    market.bought()
    bill = drawn(market)
    said = refused(
        "UPDATE redemption_settlement SET fen = fen + 1, state = 'agreed', agreed_at = now() WHERE id = %s", bill.pk
    )
    assert "equals the sum" in said


def test_a_settlement_is_not_deleted_and_does_not_go_back(market: Market) -> None:
    market.bought()
    bill = settlements.agree(settlement=drawn(market), by=SYSTEM)
    assert "I14" in refused("DELETE FROM redemption_settlement WHERE id = %s", bill.pk)
    assert "I14" in refused("UPDATE redemption_settlement SET state = 'draft', agreed_at = NULL WHERE id = %s", bill.pk)


def test_a_settled_redemption_is_not_returned_past_the_service(market: Market) -> None:
    row = market.bought()
    drawn(market)
    said = refused("UPDATE redemption_redemption SET state = 'reversed', reversed_at = now() WHERE id = %s", row.pk)
    assert "settled" in said


def test_lines_and_vouchers_are_only_added(market: Market) -> None:
    market.bought()
    drawn(market)
    said = refused("DELETE FROM redemption_settlementline")
    assert "I14" in said or "denied" in said
    assert "I14" in (text := refused("TRUNCATE redemption_voucher")) or "denied" in text


def test_no_voucher_for_what_did_not_change_hands(market: Market) -> None:
    row = market.hold()
    said = refused("INSERT INTO redemption_voucher (redemption_id, file_id, archived_at) VALUES (%s, 1, now())", row.pk)
    assert "changed hands" in said
    assert not Voucher.objects.exists()


def test_a_redemption_never_moves_merit(market: Market) -> None:
    posting = market.bought()
    said = refused(
        "UPDATE scoring_entry SET measure = 'merit' WHERE posting_id IN"
        " (SELECT id FROM scoring_posting WHERE redemption_id = %s)",
        posting.pk,
    )
    assert said
    assert Redemption.objects.get(pk=posting.pk).state == "captured"
