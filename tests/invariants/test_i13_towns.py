"""I13: nothing of 树人镇 is reachable from 明德镇, though numbers, names and ids are the same in both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from jifen.accounts import services as accounts
from jifen.audit.models import AuditRow
from jifen.clocks import jobs
from jifen.clocks.models import Due
from jifen.files import errors as file_errors
from jifen.files import selectors as files
from jifen.files import services as uploads
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.database import connection
from jifen.kernel.errors import NotFound
from jifen.kernel.tenancy import OutsideTown, TownNotServed, current_schema, entered, outside
from jifen.outbox.models import Message
from reporting.models import Notice
from reporting.services import notices
from scoring import tasks
from scoring.models import Entry, Review
from scoring.selectors.reviews import resident_of
from scoring.services import filings
from tenants.community import codes
from tenants.community import selectors as community
from tenants.community.errors import CodeUnknown
from tenants.models import Town
from tests import clients
from tests.cast import Cast, head_of
from tests.invariants import book
from tests.redemption.market import Market
from tests.reporting import months
from tests.scoring.desk import Desk

JULY = date(2026, 7, 6)
Faces = Callable[..., Any]


@contextmanager
def next_door(client: Any) -> Iterator[Any]:
    """The same browser or program, asking 明德镇 with all its cookies."""
    before = client.defaults["SERVER_NAME"]
    with entered("t_beta"):
        client.defaults["SERVER_NAME"] = clients.host()
        yield client
    client.defaults["SERVER_NAME"] = before


@pytest.fixture
def twin(other_town: Town, desk: Desk) -> Desk:
    """The same village with the same people in 明德镇."""
    with entered(other_town.schema_name):
        return Desk(Cast())


def settled(desk: Desk) -> Review:
    desk.record("tidy")
    sheet = desk.sheet()
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=SYSTEM)
    return sheet


@pytest.mark.parametrize("path", ["/office/", "/village/", "/passbook/", "/password/", "/api/v1/entries/"])
def test_a_cookie_of_one_town_opens_nothing_in_another(desk: Desk, twin: Desk, client_for: Faces, path: str) -> None:
    officer = client_for(desk.officer)
    with next_door(officer):
        answer = officer.get(path)
        assert answer.status_code in (302, 401, 404)
        assert "login" in answer.headers.get("Location", "login")


def test_a_cookie_of_the_public_site_opens_nothing_in_a_town(town: Town, client_for: Faces) -> None:
    with outside():
        provider = accounts.create(username="platform", display_name="平台", password=None, by=SYSTEM)
        browser = client_for(provider)
    browser.defaults["SERVER_NAME"] = clients.host()
    assert browser.get("/password/").status_code == 302
    assert browser.get("/office/").status_code in (302, 404)


def test_an_account_of_another_town_with_the_same_number_is_nobody_here(desk: Desk, twin: Desk) -> None:
    here = Actor.of(desk.li)
    foreign = Actor("t_beta", here.id, here.name)
    assert resident_of(here) is not None and resident_of(foreign) is None
    mine = uploads.expect(
        kind="evidence", name="a.jpg", content_type="image/jpeg", size=9, sha256="0" * 64, by=here
    )  # fmt: skip
    with pytest.raises(file_errors.FileUnknown):
        files.expected(mine.file.pk, by=foreign)


def test_a_foreign_household_is_not_recorded_for(desk: Desk, twin: Desk, api_client: Faces) -> None:
    with entered("t_beta"):
        stranger = twin.cast.household(name="外镇人", number="99999")
        rule = twin.rule_in_force("tidy").pk
    deed = {"happened_on": clock.today().isoformat(), "place": "村口", "reason": "见照片", "channel": "oral"}
    for household, which in ((stranger.number, desk.rule_in_force("tidy").pk), (desk.zhang.number, rule + 10_000)):
        answer = api_client(desk.steward).post("/api/v1/declarations/", {**deed, "household": household, "rule": which})
        assert answer.status_code == 404
    with entered("t_beta"):
        assert not AuditRow.objects.filter(action="declaration.record").exists()


def test_a_card_of_another_town_with_the_same_number_buys_nothing(market: Market, other_town: Town) -> None:
    with entered(other_town.schema_name):
        card = codes.text(Cast().household(name="同号户", number=market.household.number))
    assert card != codes.text(market.household)
    before = book.fingerprint()
    with pytest.raises(NotFound):
        market.hold(household_code=card)
    with pytest.raises(CodeUnknown):
        community.household_by_code(card)
    assert book.fingerprint() == before


def test_a_key_of_another_towns_file_leads_nowhere(town: Town, other_town: Town) -> None:
    row = {"kind": "evidence", "content_type": "image/jpeg", "size": 1, "sha256": "0" * 64, "state": "ready"}
    with entered(other_town.schema_name):
        stolen = File.objects.create(
            key="t_alpha/evidence/2026/01/x.jpg", created_at=clock.now(), **row, **SYSTEM.columns()
        )
        for read in (files.link, files.body):
            with pytest.raises(file_errors.FileUnknown):
                read(stolen)


def test_a_notices_address_is_of_its_own_town(cast: Cast, client_for: Faces) -> None:
    months.set_up("seed_000_003")
    home = cast.household()
    months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    notice = notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    visitor = client_for()
    assert visitor.get(f"/n/{notice.token}/").status_code == 200
    with next_door(visitor):
        assert visitor.get(f"/n/{notice.token}/").status_code == 404
        assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("schema", "refusal"), [("public", OutsideTown), ("t_nowhere", OutsideTown), ("t_beta", Review.DoesNotExist)]
)
def test_a_job_sent_to_another_schema_posts_nothing(
    desk: Desk, other_town: Town, schema: str, refusal: type[Exception]
) -> None:
    sheet = settled(desk)
    before = book.fingerprint()
    with outside():
        answer = tasks.post_review.apply(args=[sheet.pk], headers={"_schema_name": schema})
    connection.set_tenant(Town.objects.get(schema_name="t_alpha"))
    assert isinstance(answer.result, refusal), answer.result
    assert book.fingerprint() == before and not Entry.objects.exists()


def test_a_job_of_a_suspended_town_is_refused(desk: Desk, town: Town) -> None:
    sheet = settled(desk)
    with outside():
        Town.objects.filter(pk=town.pk).update(state="suspended")
        answer = tasks.post_review.apply(args=[sheet.pk], headers={"_schema_name": "t_alpha"})
        assert isinstance(answer.result, TownNotServed)
    with entered("t_alpha"):
        assert not Entry.objects.exists()


def test_a_job_that_is_due_in_one_town_does_nothing_in_another(desk: Desk, twin: Desk) -> None:
    sheet = settled(desk)
    Due.objects.filter(town="t_alpha").update(state="sent")
    with entered("t_beta"):
        jobs.run(jobs.lookup("review.post"), str(sheet.pk))
        assert not Entry.objects.exists()
    assert not Entry.objects.exists()
    jobs.run(jobs.lookup("review.post"), str(sheet.pk))
    assert Entry.objects.count() == 2


def test_what_a_town_tells_and_keeps_carries_its_own_name(desk: Desk, twin: Desk) -> None:
    with outside():
        Message.objects.all().delete()
    desk.record("tidy")
    desk.post()
    with outside():
        assert set(Message.objects.values_list("town", flat=True)) == {"t_alpha"}
    with entered("t_beta"):
        assert not AuditRow.objects.filter(action="review.post").exists()
        assert twin.merit() == 0


def test_the_same_household_number_is_another_household_next_door(desk: Desk, twin: Desk) -> None:
    with entered("t_beta"):
        twin.cast.household(name="同号户", number=desk.zhang.number + "x")
        with pytest.raises(NotFound):
            community.household_by_number(desk.zhang.number)
        assert head_of(twin.zhang).pk is not None


def test_a_cached_value_outside_the_towns_is_nobodys_inside(town: Town) -> None:
    with outside():
        cache.set("invariants_test", "public", timeout=5)
    assert (current_schema(), cache.get("invariants_test")) == ("t_alpha", None)
