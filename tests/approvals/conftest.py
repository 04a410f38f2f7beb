"""The subject of the pages' and the API's tests."""

from collections.abc import Iterator

import pytest

from jifen.approvals import registry
from tests.approvals.deeds import Deed


@pytest.fixture
def deed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deed]:
    """Registered beside the rooms' own kinds for as long as the test goes."""
    monkeypatch.setattr(Deed, "near", set())
    monkeypatch.setitem(registry._kinds, "deed", kind := Deed())
    yield kind
