"""Last year, lived through: one deed of 张三家 posted, the fourth notice hung and over, everything answered."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from jifen.clocks import offset
from jifen.clocks import services as clocks
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from reporting import policies
from reporting.models import Notice
from scoring.rules import library
from scoring.services import years
from tenants.community.models import Village
from tests.cast import Cast
from tests.redemption.market import Market
from tests.scoring.desk import NOW, Desk

LAST = NOW.year - 1


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


@pytest.fixture
def after_january(cast: Cast) -> Iterator[None]:
    """The day on which last year may be closed is over, also when it really is January."""
    if clock.today() < date(NOW.year, 2, 1):
        clocks.move_clock(clock.at(date(NOW.year, 2, 1), 8))
        offset.forget()
    yield
    offset.forget()


@pytest.fixture
def lived(after_january: None, desk: Desk) -> Desk:
    years.open_year(number=LAST, by=SYSTEM)
    section = library.load("seed_003").policy.model_dump(mode="json")
    policies.install(section=section, effective_from=date(LAST, 1, 1), by=SYSTEM)
    desk.record("trees", facts={"quantity": "2"}, happened_on=date(LAST, 11, 5))
    desk.post(date(LAST, 11, 1))
    hang(desk.village)
    return desk


def hang(village: Village, year: int = LAST, quarter: int = 4) -> Notice:
    """The quarter's notice, hung early in the following month."""
    day = date(year + quarter // 4, quarter * 3 % 12 + 1, 10)
    over = day + timedelta(days=7)
    return Notice.objects.create(
        kind="village_quarter", village=village, year=year, quarter=quarter, number=f"{village.pk}-{year}-{quarter}",
        title="季度公示", snapshot={}, sha256="0" * 64, token=f"{village.pk}-{year}-{quarter}",
        published_at=clock.at(day), closes_on=over, objections_until=over, **SYSTEM.columns(),
    )  # fmt: skip


@pytest.fixture
def market(ready_market: Market) -> Market:
    return ready_market
