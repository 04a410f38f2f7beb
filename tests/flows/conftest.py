"""Last year, lived through: one deed of 张三家 posted, the fourth notice hung and over, everything answered."""

from datetime import date, timedelta

import pytest

from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from reporting import policies
from reporting.models import Notice
from scoring.rules import library
from scoring.services import years
from tenants.community.models import Village
from tests.cast import Cast
from tests.scoring.desk import NOW, Desk
from tests.stage import SCENES, stage

LAST = NOW.year - 1


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


@pytest.fixture
def lived(cast: Cast) -> Desk:
    return stage.copy("lived") or year_lived(cast)


def year_lived(cast: Cast) -> Desk:
    desk = Desk(cast)
    years.open_year(number=LAST, by=SYSTEM)
    section = library.load("seed_003").policy.model_dump(mode="json")
    policies.install(section=section, effective_from=date(LAST, 1, 1), by=SYSTEM)
    desk.record("trees", facts={"quantity": "2"}, happened_on=date(LAST, 11, 5))
    desk.post(date(LAST, 11, 1))
    hang(desk.village)
    return desk


SCENES["lived"] = year_lived


def hang(village: Village, year: int = LAST, quarter: int = 4) -> Notice:
    """The quarter's notice, hung early in the following month."""
    day = date(year + quarter // 4, quarter * 3 % 12 + 1, 10)
    over = day + timedelta(days=7)
    return Notice.objects.create(
        kind="village_quarter", village=village, year=year, quarter=quarter, number=f"{village.pk}-{year}-{quarter}",
        title="季度公示", snapshot={}, sha256="0" * 64, token=f"{village.pk}-{year}-{quarter}",
        published_at=clock.at(day), closes_on=over, objections_until=over, **SYSTEM.columns(),
    )  # fmt: skip
