"""A town's schema is an exact copy of the template, made once."""

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from jifen.clocks.models import Due
from jifen.flows import close_year, errors, open_town
from jifen.kernel.actors import SYSTEM
from jifen.kernel.database import connection
from jifen.kernel.errors import JifenError
from jifen.kernel.tenancy import outside
from tenants import owner, provisioning
from tenants.community.models import TownProfile, Village
from tenants.models import District, Provisioning, Town, TownState


def a_new_town(schema: str = "t_gamma") -> Town:
    connection.set_schema_to_public()
    return Town.objects.create(
        schema_name=schema, district=District.objects.get(), code="310115103", name="新镇", scheme_code="shuren",
        created_at=timezone.now(),
    )  # fmt: skip


def as_compared(schema: str) -> list[str]:
    """The dump under one name, without the casts that PostgreSQL writes differently when it reads its own text."""
    text = provisioning.dump(schema).replace(schema, "town")
    return re.sub(r"::text\[\]|::text|::character varying|[()]", "", text).splitlines()


def test_a_new_town_has_exactly_the_template(committing_town: Town) -> None:
    town = a_new_town()
    assert provisioning.provision(town)
    assert as_compared(town.schema_name) == as_compared(provisioning.TEMPLATE)


def test_a_town_is_made_only_once(committing_town: Town) -> None:
    town = a_new_town()
    assert provisioning.provision(town)
    assert not provisioning.provision(town)


def test_the_town_being_served_is_there(town: Town) -> None:
    assert connection.schema_name == "t_alpha"


def test_how_far_it_came_is_written_down(committing_town: Town) -> None:
    town = a_new_town()
    made = Provisioning.objects.create(town=town, step="已受理", started_at=timezone.now())
    provisioning.provision(town)
    made.refresh_from_db()
    assert (made.percent, made.problem) == (60, "")


def test_without_a_template_nothing_is_made_and_the_reason_stands_in_the_row(committing_town: Town) -> None:
    town = a_new_town()
    made = Provisioning.objects.create(town=town, step="已受理", started_at=timezone.now())
    with owner.connect() as connection_:
        connection_.execute("DELETE FROM tenants_templatedump")
    with pytest.raises(provisioning.TemplateMissing):
        provisioning.provision(town)
    made.refresh_from_db()
    assert "migrate_all" in made.problem
    assert provisioning.pending_towns() == []


def test_a_town_that_lacks_a_migration_is_found(committing_town: Town) -> None:
    connection.set_schema_to_public()
    assert provisioning.pending_towns() == []
    with owner.connect() as connection_:
        connection_.execute("DELETE FROM t_beta.django_migrations WHERE app = 'scoring'")
    assert provisioning.pending_towns() == ["t_beta"]


def test_the_serving_role_migrates_nothing(town: Town) -> None:
    with pytest.raises(provisioning.OwnerNeeded):
        provisioning.migrate_all()


def test_the_request_becomes_a_furnished_town(committing_town: Town) -> None:
    connection.set_schema_to_public()
    town = open_town.request(
        district=District.objects.get(), name="新月镇", code="310115109", scheme_code="seed_002", host="xinyue",
        admin_name="周主任", villages=["东村 023-12345678", "西村"], phone="023-87654321", by=SYSTEM,
    )  # fmt: skip
    for _ in range(2):
        provisioning.provision(town)
        connection.set_tenant(town)
        open_town.furnish(town=town)
        town.refresh_from_db()
    assert list(Village.objects.values_list("name", "phone")) == [("东村", "023-12345678"), ("西村", "")]
    assert TownProfile.objects.get().phone == "023-87654321"
    connection.set_schema_to_public()
    assert (town.state, Provisioning.objects.get(town=town).percent) == (TownState.READY, 100)
    assert open_town.take_first_password(town=town, by=SYSTEM)
    assert open_town.take_first_password(town=town, by=SYSTEM) is None


def test_a_town_that_starts_in_mid_year_owes_nothing_for_the_months_before(town: Town) -> None:
    close_year.begin(number=2027, by=SYSTEM, since=date(2027, 6, 15))
    due = set(Due.objects.filter(town=town.schema_name).values_list("kind", "period"))
    assert {("review.open", "2027-06"), ("notice.quarter", "2027Q2"), ("year.close", "2027")} <= due
    assert not {("review.open", "2027-05"), ("notice.quarter", "2027Q1")} & due


def test_a_village_whose_name_no_row_holds_stops_the_request_and_not_the_opening(town: Town) -> None:
    with outside(), pytest.raises(errors.VillagesWrong):
        open_town.request(
            district=District.objects.get(), name="新月镇", code="310115109", scheme_code="seed_002", host="xinyue",
            admin_name="周主任", villages=["长" * 61], by=SYSTEM,
        )  # fmt: skip
    assert not Town.objects.filter(name="新月镇").exists()


@pytest.mark.parametrize(("change", "refusal"), [
    ({"host": "www"}, errors.HostReserved), ({"name": " 老镇 "}, errors.TownNameTaken),
])  # fmt: skip
def test_a_platforms_host_and_a_second_town_of_the_name_are_refused(
    town: Town, change: dict[str, str], refusal: type[JifenError]
) -> None:
    with outside():
        district = District.objects.get()
        Town.objects.filter(schema_name=town.schema_name).update(name="老镇")
        wanted: dict[str, Any] = {
            "name": "新镇",
            "code": f"{district.code}199",
            "scheme_code": "seed_002",
            "host": "xinzhen",
        }
        wanted |= {"admin_name": "周主任"} | change
        before = Town.objects.count()
        with pytest.raises(refusal):
            open_town.request(district=district, villages=[], by=SYSTEM, **wanted)
        assert Town.objects.count() == before
