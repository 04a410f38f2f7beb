"""A village whose month is ready to be reviewed, in a database of its own."""

from decimal import Decimal

import pytest

from jifen.kernel.actors import SYSTEM
from scoring.services import ledger
from tenants.models import Town
from tests.cast import Cast
from tests.scoring.desk import Desk


@pytest.fixture
def desk(committing_town: Town) -> Desk:
    """张三's and 李四's households have points already; their deeds of the month meet a cap."""
    found = Desk(Cast())
    homes = [found.zhang, found.cast.household(name="李四")]
    for home in homes:
        ledger.open_balance(household=home, merit=Decimal(10), redeemable=Decimal(10), document="签字表", by=SYSTEM)
        for code in ("tidy", "litter", "honour", "class", "class"):
            found.record(code, household=home)
        for _ in range(3):
            found.record("help", household=home, resident=home.head)
    return found
