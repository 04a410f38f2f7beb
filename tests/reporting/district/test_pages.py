"""The district's screen: its own towns, figures alone, down to a village."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import outside
from jifen.outbox import services as outbox
from reporting.district import selectors
from reporting.district.models import VillageFigure, YearFigure
from tenants.models import District, DistrictRole, Town
from tests.cast import Cast
from tests.clients import ApiClient, PageClient
from tests.reporting import months

JULY = date(2026, 7, 6)
Clients = Callable[..., PageClient]
ALPHA = "/district/towns/310115101/"


@pytest.fixture
def figures(cast: Cast) -> Iterator[int]:
    """One village with a posted month, drained; then the public site."""
    months.set_up("seed_003")
    home = cast.household(name="赵六")
    months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    told: dict[str, Any] = {"name": "石岭岗村", "households": 10, "joined": 9}
    outbox.tell(kind="village", payload={"village_id": home.village_id, **told})
    with outside():
        while outbox.drain():
            pass
        yield home.village_id


def _reader(district: District) -> User:
    user = accounts.create(username=f"d{district.code}", display_name="区里的人", password=None, by=SYSTEM)
    DistrictRole.objects.create(user=user, district=district)
    return user


@pytest.fixture
def reader(figures: int) -> User:
    return _reader(District.objects.get(code="310115"))


def test_the_overview_shows_towns_villages_and_points(client_for: Clients, reader: User) -> None:
    page = client_for(reader).get("/district/").content.decode()
    assert "树人镇" in page
    assert "90%" in page
    assert "赵六" not in page


def test_a_village_without_a_registered_total_stands_last_and_is_called_unknown(
    client_for: Clients, figures: int, reader: User
) -> None:
    schema = Town.objects.get(code="310115101").schema_name
    told: dict[str, Any] = {"town": schema, "joined": 0}
    VillageFigure.objects.create(village_id=figures + 1, name="未登记村", households=0, **told)
    VillageFigure.objects.create(village_id=figures + 2, name="落后村", households=10, **told)
    answer = client_for(reader).get("/district/")
    assert [row["line"].name for row in answer.context["attention"]] == ["落后村", "未登记村"]
    assert "未登记总户数" in answer.text and "1 个村，1 个户数不明" in answer.text
    assert answer.context["participation"]["categories"] == ["落后村", "石岭岗村"]


def test_the_overview_leads_to_what_is_overdue(client_for: Clients, reader: User) -> None:
    assert 'href="/district/late/"' in client_for(reader).get("/district/").text


def tiles(text: str) -> list[str]:
    """Where the tiles of a page lead."""
    return [unescape(href) for href in re.findall(r'<a class="stat[^"]*" href="([^"]*)"', text)]


@pytest.mark.parametrize("address", ["/district/", ALPHA])
def test_every_tile_opens_what_it_counts_and_names_nobody(client_for: Clients, reader: User, address: str) -> None:
    page = client_for(reader)
    led = tiles(page.get(address).text)
    assert len(led) == 8
    for href in led:
        answer = page.get(href)
        assert answer.status_code == 200 and "石岭岗村" in answer.text and "赵六" not in answer.text


def test_the_villages_that_lack_something_stand_first(client_for: Clients, figures: int, reader: User) -> None:
    schema = Town.objects.get(code="310115101").schema_name
    for number, name in enumerate(["兑换村", "未兑村"], start=1):
        VillageFigure.objects.create(town=schema, village_id=figures + number, name=name, households=10, joined=8)
    YearFigure.objects.create(
        town=schema, village_id=figures + 1, year=2026, key="redeemed_before_october", value=Decimal(1)
    )
    rows = client_for(reader).get("/district/villages/?by=early").context["rows"]
    assert [(row["lacks"], row["cells"][0]) for row in rows] == [(True, "还没有"), (True, "还没有"), (False, "已兑换")]
    assert rows[-1]["line"].name == "兑换村"


def test_a_tile_of_a_village_has_nothing_behind_it(client_for: Clients, figures: int, reader: User) -> None:
    assert tiles(client_for(reader).get(f"{ALPHA}villages/{figures}/").text) == []


def test_what_no_tile_counts_and_a_foreign_town_are_not_found(client_for: Clients, reader: User) -> None:
    page = client_for(reader)
    assert page.get("/district/villages/?by=names").status_code == 404
    assert page.get("/district/villages/?by=early&town=999999999").status_code == 404


def test_nothing_is_sent_while_nothing_has_changed(client_for: Clients, reader: User) -> None:
    page = client_for(reader)
    version = page.get("/district/").context["version"]
    assert page.get(f"/district/live/?seen={version}").status_code == 204
    assert page.get("/district/live/?seen=older").status_code == 200


def test_a_town_leads_to_its_villages(client_for: Clients, figures: int, reader: User) -> None:
    page = client_for(reader)
    assert f"{ALPHA}villages/{figures}/" in page.get(ALPHA).content.decode()
    village = page.get(f"{ALPHA}villages/{figures}/").content.decode()
    assert "7月" in village and "还没有记账" in village and "还没有审核" not in village


def test_another_districts_town_does_not_exist(client_for: Clients, figures: int) -> None:
    stranger = _reader(District.objects.create(code="500230", name="丰都县"))
    page = client_for(stranger)
    assert page.get(ALPHA).status_code == 404
    assert page.get(f"{ALPHA}villages/{figures}/").status_code == 404
    assert "树人镇" not in page.get("/district/").content.decode()


def test_a_village_that_the_town_does_not_have_is_not_found(client_for: Clients, reader: User) -> None:
    assert client_for(reader).get(f"{ALPHA}villages/999999/").status_code == 404


def test_whoever_reads_no_district_is_refused(client_for: Clients, figures: int) -> None:
    nobody = accounts.create(username="nobody", display_name="外人", password=None, by=SYSTEM)
    assert client_for(nobody).get("/district/").status_code == 403


def test_programs_read_the_same_figures(api_client: Callable[..., ApiClient], reader: User) -> None:
    client = api_client(reader)
    whole = client.get("/api/v1/overview/?year=2026").json()
    assert whole["counts"]["positive"] == "6.00"
    town = client.get("/api/v1/district-towns/310115101/?year=2026").json()
    [village] = [line for line in town["villages"] if line["counts"]["entries"]]
    assert village["months_reviewed"] == 1


def test_a_year_without_postings_is_not_found_and_says_which_there_are(client_for: Clients, reader: User) -> None:
    page = client_for(reader).get("/district/?year=1999")
    assert page.status_code == 404
    assert "2026年" in page.content.decode()


def test_a_town_opened_later_has_no_part_in_an_earlier_year(figures: int) -> None:
    town = Town.objects.get(code="310115101")
    assert [line.code for line in selectors.overview([town], 2026).towns] == ["310115101"]
    assert selectors.overview([town], town.created_at.year - 1).towns == []


def test_months_to_come_are_not_called_late(
    client_for: Clients, figures: int, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client_for(reader)
    monkeypatch.setattr(clock, "now", lambda: clock.at(date(2026, 8, 9), 9))
    rows = page.get(f"{ALPHA}villages/{figures}/?year=2026").text.split("<tr>")[2:]
    late = [row for row in rows if "还没有记账" in row]
    assert len(rows) == 12 and len(late) == 7 and "<td>8月" in late[-1]
    assert all(row.count("<td>—</td>") == 1 for row in rows[8:])
