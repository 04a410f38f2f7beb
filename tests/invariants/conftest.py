"""Scoring's desk and redemption's market: in ``town``, or in ``committing_town`` when a test commits."""

import pytest

from tests.cast import Cast
from tests.redemption import market as markets
from tests.redemption.market import Market
from tests.scoring.desk import Desk


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


@pytest.fixture
def market(cast: Cast) -> Market:
    return markets.opened(cast)
