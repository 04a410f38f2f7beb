"""Scoring's desk and redemption's market: in ``town``, or in ``committing_town`` when a test commits."""

import pytest

from tests.redemption.market import Market
from tests.scoring.desk import Desk


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


@pytest.fixture
def market(ready_market: Market) -> Market:
    return ready_market
