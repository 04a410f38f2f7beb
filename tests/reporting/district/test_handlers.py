"""The outbox adds up to the towns' ledgers (I15)."""

from datetime import date
from decimal import Decimal

import pytest

from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import entered, outside
from jifen.outbox import services as outbox
from reporting.district import verify
from reporting.district.models import LedgerFigure, VillageFigure, YearFigure
from scoring.services import ledger
from tests.cast import Cast
from tests.reporting import months

JULY = date(2026, 7, 6)


@pytest.fixture
def posted(cast: Cast) -> int:
    months.set_up("seed_000_003")
    home = cast.household()
    planted = months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.deed(home, "焚烧秸秆", JULY)
    months.post(home.village, JULY)
    ledger.reverse(posting=months.posting_of(planted), reason="登记有误", by=SYSTEM)
    return home.village_id


def test_drained_figures_are_the_ledgers_sums(posted: int) -> None:
    while outbox.drain():
        pass
    rows = LedgerFigure.objects.filter(village_id=posted, year=2026, measure="merit")
    found = {row.cause: (row.entries, row.positive, row.negative) for row in rows}
    assert found["declaration"] == (2, Decimal(6), Decimal(10))
    assert found["reversal"] == (1, Decimal(-6), Decimal(0))


def test_figures_and_waiting_messages_always_equal_the_ledgers(posted: int) -> None:
    assert verify.differences() == 0
    outbox.drain(limit=1)
    assert verify.differences() == 0
    while outbox.drain():
        pass
    assert verify.differences() == 0


def test_verify_sees_a_figure_that_is_not_in_a_ledger(posted: int) -> None:
    while outbox.drain():
        pass
    LedgerFigure.objects.filter(cause="declaration", measure="merit").update(positive=7)
    assert verify.differences() == 1


def _village(households: int) -> None:
    outbox.tell(kind="village", payload={"village_id": 5, "name": "竹溪村", "households": households, "joined": 3})


def test_the_newest_word_on_a_village_counts(cast: Cast) -> None:
    for households in (10, 12):
        _village(households)
    outbox.drain()
    assert VillageFigure.objects.get(village_id=5).households == 12


def test_counters_go_up_by_what_was_told(cast: Cast) -> None:
    for value in (1, 2):
        outbox.tell(kind="delta", payload={"village_id": 5, "year": 2026, "key": "red", "value": value})
    outbox.drain()
    assert YearFigure.objects.get(village_id=5, key="red").value == 3


def test_two_towns_with_the_same_village_number_stay_apart(cast: Cast) -> None:
    _village(10)
    with outside(), entered("t_beta"):
        _village(20)
    outbox.drain()
    figures = dict(VillageFigure.objects.filter(village_id=5).values_list("town", "households"))
    assert figures == {"t_alpha": 10, "t_beta": 20}
