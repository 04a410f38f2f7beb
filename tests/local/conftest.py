"""What a driver of the demo keeps of a town for as long as it runs is forgotten: each test is a town of its own."""

import pytest

from jifen.local.demo import who


@pytest.fixture(autouse=True)
def another_driver() -> None:
    who._holders.cache_clear()
    who._joined.cache_clear()
