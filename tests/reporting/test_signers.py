"""Who signed the sheet on which a deed was decided does not look into it; where nobody is left, the town does."""

from datetime import date

import pytest

from jifen.accounts.models import User
from jifen.kernel.actors import SYSTEM, Actor
from reporting import errors, verify
from reporting.models import Level, Objection
from reporting.selectors import investigators
from reporting.services import answers, objections
from scoring.models import Declaration, Review
from scoring.services import meetings, reviews
from tenants.community.models import Household, VillageRole
from tests.approvals.engine.desk import names
from tests.cast import Cast
from tests.reporting import months
from tests.reporting.flows import COMMITTEE, choose, item

JULY = date(2026, 7, 6)
FOUND = "经走访核实。"


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_001")
    for name in ("郑委员", "冯委员", "吴委员"):
        cast.committee(name=name)
    cast.officer(name="陈经办")
    return cast.household(name="赵六", number="0001")


@pytest.fixture
def deed(home: Household) -> Declaration:
    return months.deed(home, "志愿", JULY, facts={"quantity": "2"})


@pytest.fixture
def sheet(deed: Declaration) -> Review:
    """The month's, decided by 郑委员 and not signed yet."""
    found = reviews.open_month(village=deed.village, month=JULY, by=SYSTEM)
    reviews.decide_rest(review=found, verdict="approved", by=who("郑委员"))
    return found


def who(name: str) -> Actor:
    return Actor.of(User.objects.get(display_name=name))


def seat(name: str) -> VillageRole:
    return VillageRole.objects.get(user__display_name=name)


def signed(sheet: Review, *people: str) -> None:
    for name in people:
        reviews.sign(review=sheet, role=seat(name), by=who(name))


def asked(home: Household, deed: Declaration) -> Objection:
    return objections.raise_objection(household=home, declaration=deed, text="不对。", by=Actor("t_alpha", 77, "赵六"))


def looking(objection: Objection) -> set[str]:
    return set(User.objects.filter(pk__in=investigators.of(objection)).values_list("display_name", flat=True))


def test_who_signed_stands_back(home: Household, deed: Declaration, sheet: Review) -> None:
    signed(sheet, "郑委员", "冯委员")
    objection = asked(home, deed)
    assert (objection.level, looking(objection)) == (Level.VILLAGE, {"吴委员"})
    with pytest.raises(errors.Recused):
        answers.answer(objection=objection, upheld=False, finding=FOUND, by=who("冯委员"))
    answers.answer(objection=objection, upheld=False, finding=FOUND, by=who("吴委员"))


def test_where_all_signed_the_town_looks_into_it(home: Household, deed: Declaration, sheet: Review) -> None:
    signed(sheet, "郑委员", "冯委员", "吴委员")
    objection = asked(home, deed)
    assert (objection.level, looking(objection)) == (Level.TOWN, {"陈经办"})


def test_a_flow_turns_to_the_office_where_all_signed(home: Household, deed: Declaration, sheet: Review) -> None:
    choose("objection", COMMITTEE)
    signed(sheet, "郑委员", "冯委员", "吴委员")
    asked(home, deed)
    assert names(item(), "active") == {"陈经办"}


def test_who_was_there_signs_with_the_paper(home: Household, deed: Declaration, sheet: Review, cast: Cast) -> None:
    by, substitute = who("郑委员"), cast.household(name="赵替补").head
    assert substitute is not None
    account = cast.account(substitute)
    meetings.attend(review=sheet, role=seat("冯委员"), presence="present", by=by)
    meetings.attend(review=sheet, role=seat("吴委员"), presence="substitute", substitute=substitute, by=by)
    objection = asked(home, deed)
    assert looking(objection) == {"冯委员", "吴委员"}
    meetings.attach(review=sheet, file=months.photo(), by=by)
    assert looking(objection) == {"吴委员"}
    assert investigators.barred([objection.pk], [account.pk]) == {(objection.pk, account.pk)}


def test_verify_counts_an_answer_of_who_had_signed(home: Household, deed: Declaration, sheet: Review) -> None:
    [check] = [one for one in verify.checks() if one.title == "没有人答复涉及自己的异议"]
    objection = asked(home, deed)
    answers.answer(objection=objection, upheld=False, finding=FOUND, by=who("吴委员"))
    signed(sheet, "吴委员")
    assert check.breaches() == 0
    sheet.seats.update(signed_at=deed.recorded_at)
    assert check.breaches() == 1
