"""A correction that somebody hands into an objection's flow is looked at there, and again with the last word."""

from datetime import date

import pytest

from jifen.approvals.models import Stage
from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import JifenError
from reporting.models import Objection, ObjectionOpinion, ObjectionState
from reporting.services import inquiries, objections
from scoring import correction_errors as wrongs
from scoring import errors as scoring
from scoring.models import Entry, Posting
from scoring.services.corrections import Correction
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months
from tests.reporting.flows import COMMITTEE, OFFICE, choose, item, who

JULY = date(2026, 7, 6)
FOUND = "经走访核实。"


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_001")
    cast.committee(name="吴委员")
    cast.officer(name="陈经办")
    choose("objection", COMMITTEE, OFFICE)
    return cast.household(name="赵六", number="0001")


@pytest.fixture
def posting(home: Household) -> Posting:
    """Two hours of helping, on the books."""
    deed = months.deed(home, "志愿", JULY, facts={"quantity": "2"})
    months.post(deed.village, JULY)
    return months.posting_of(deed)


def raised(home: Household, posting: Posting) -> Objection:
    return objections.raise_objection(household=home, posting=posting, text="不对。", by=SYSTEM)


@pytest.mark.parametrize(
    ("facts", "joined", "error"),
    [({"quantity": "0"}, True, JifenError), ({}, True, scoring.FactsMissing),
     ({"quantity": "1", "tier": "town"}, True, scoring.FactUnused),
     ({"quantity": "1"}, False, scoring.HouseholdNotJoined), ({"quantity": "2"}, None, wrongs.CorrectionUnchanged)],
)  # fmt: skip
def test_a_wrong_correction_is_refused_when_it_is_handed_in(
    home: Household, posting: Posting, cast: Cast, facts: dict[str, str], joined: bool | None, error: type[JifenError]
) -> None:
    objection = raised(home, posting)
    right = Correction(home if joined is None else cast.household(name="钱七", joined=joined), None, facts)
    with pytest.raises(error):
        inquiries.speak(objection=objection, upheld=True, finding=FOUND, correction=right, by=who("吴委员"))
    assert Stage.objects.get(item=item(), state="active").name == COMMITTEE["name"]
    assert not ObjectionOpinion.objects.exists() and not Posting.objects.filter(reverses=posting).exists()


def test_what_was_right_when_it_was_handed_in_is_looked_at_again_with_the_last_word(
    home: Household, posting: Posting, cast: Cast
) -> None:
    other, objection = cast.household(name="钱七"), raised(home, posting)
    right = Correction(other, None, {"quantity": "1"})
    inquiries.speak(objection=objection, upheld=True, finding=FOUND, correction=right, by=who("吴委员"))
    other.applications.update(state="left", left_on=JULY)
    with pytest.raises(scoring.HouseholdNotJoined):
        inquiries.speak(objection=objection, upheld=True, finding=FOUND, correction=right, by=who("陈经办"))
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RAISED and not Posting.objects.filter(reverses=posting).exists()


@pytest.mark.parametrize("cause", ["expiry", "lapse"])
def test_what_cannot_be_taken_back_is_refused_with_the_first_word(
    home: Household, posting: Posting, cause: str
) -> None:
    first = posting.entries.get(measure="redeemable")
    told = {"cause": cause, "posted_at": posting.posted_at}
    ended = Posting.objects.create(reason="到期", **told, **SYSTEM.columns())
    line = {"account": first.account, "household": home, "year": first.year, "month": 7, "measure": "redeemable"}
    Entry.objects.create(posting=ended, amount=-1, happened_on=JULY, **told, **line)
    objection = raised(home, ended)
    with pytest.raises(scoring.NotReversible):
        inquiries.speak(objection=objection, upheld=True, finding=FOUND, by=who("吴委员"))
    assert Stage.objects.get(item=item(), state="active").name == COMMITTEE["name"]
    assert not ObjectionOpinion.objects.exists()
    inquiries.speak(objection=objection, upheld=False, finding=FOUND, by=who("吴委员"))
