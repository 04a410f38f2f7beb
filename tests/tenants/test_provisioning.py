"""A town's schema is an exact copy of the template, made once."""

import re

from django.utils import timezone

from jifen.kernel.database import connection
from tenants import provisioning
from tenants.models import District, Town


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
