import pytest

from tests.redemption.market import Market


@pytest.fixture
def market(ready_market: Market) -> Market:
    """Open, in ``town`` (rolled back) or in ``committing_town``."""
    return ready_market
