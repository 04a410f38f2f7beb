import pytest

from jifen.approvals import registry, selectors
from tests.approvals.engine.desk import Deed, Desk


@pytest.fixture
def deed(monkeypatch: pytest.MonkeyPatch) -> Deed:
    """The only kind of subject, in a town without villages."""
    deed = Deed()
    monkeypatch.setattr(registry, "_kinds", {"deed": deed})
    monkeypatch.setattr(registry, "_holders", [selectors.site_holders])
    monkeypatch.setattr(registry, "_superiors", [selectors.site_superiors])
    monkeypatch.setattr(registry, "_posts", [deed.posts])
    return deed


@pytest.fixture
def desk(request: pytest.FixtureRequest, deed: Deed) -> Desk:
    """In ``town``, or where the test commits."""
    if "committing_town" not in request.fixturenames:
        request.getfixturevalue("town")
    return Desk(deed)
