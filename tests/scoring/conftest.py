"""A village with its committee, its year and a rulebook of few rules that one can remember."""

import pytest

from tenants.models import Town
from tests.cast import Cast
from tests.scoring.desk import Desk


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """石岭岗村 with its people, ready to record, review and post."""
    return Desk(cast)


@pytest.fixture
def committing_desk(committing_town: Town) -> Desk:
    """The same in a database of its own."""
    return Desk(Cast())
