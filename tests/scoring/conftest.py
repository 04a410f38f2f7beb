"""A village with its committee, its year and a rulebook of few rules that one can remember."""

import pytest

from tenants.models import Town
from tests.cast import Cast
from tests.scoring.desk import Desk
from tests.scoring.rulebooks import Office


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    """石岭岗村 with its people, ready to record, review and post."""
    return ready_desk


@pytest.fixture
def committing_desk(committing_town: Town) -> Desk:
    """The same in a database of its own."""
    return Desk(Cast())


@pytest.fixture
def office(desk: Desk) -> Office:
    """The town and the village as those see them who write the rules."""
    return Office(desk)


@pytest.fixture
def committing_office(committing_desk: Desk) -> Office:
    """The same in a database of its own."""
    return Office(committing_desk)
