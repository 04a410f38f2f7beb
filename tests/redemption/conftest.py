import pytest

from tests.cast import Cast
from tests.redemption import market as markets
from tests.redemption.market import Market


@pytest.fixture
def market(cast: Cast) -> Market:
    """Open, in ``town`` (rolled back) or in ``committing_town``."""
    return markets.opened(cast)
