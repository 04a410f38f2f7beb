"""The town is chosen by Host and by nothing else (I13)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, models

from jifen.kernel import locking
from jifen.kernel.checks import Check
from jifen.kernel.database import Busy, refusal_of
from jifen.kernel.tenancy import OutsideTown, TownUnknown, current_schema, entered, outside, require_town, town_named
from tenants.models import Town
from tests.together import together


@pytest.fixture
def ask(client_for: Callable[..., Any]) -> Iterator[Callable[[str], Any]]:
    def get(host: str) -> Any:
        client = client_for()
        return client.get("/login/", SERVER_NAME=host)

    yield get


def test_a_host_leads_to_its_town(town: Town, ask: Callable[[str], Any]) -> None:
    assert "树人镇" in ask("alpha.localhost").content.decode()
    assert "明德镇" in ask("beta.localhost").content.decode()
    assert "明德镇" in ask("BETA.localhost").content.decode()
    assert ask("localhost").status_code == 200


def test_an_unknown_host_is_not_found(town: Town, ask: Callable[[str], Any]) -> None:
    answer = ask("nowhere.localhost")
    assert answer.status_code == 404
    assert "没有对应的乡镇" in answer.content.decode()


@pytest.mark.parametrize("state", ["provisioning", "suspended", "archived"])
def test_only_a_ready_town_is_served(town: Town, ask: Callable[[str], Any], state: str) -> None:
    with outside():
        Town.objects.filter(pk=town.pk).update(state=state)
    assert ask("alpha.localhost").status_code == 503


def test_after_a_request_no_town_is_left_entered(town: Town) -> None:
    from django.test import Client

    Client(SERVER_NAME="alpha.localhost").get("/login/")
    assert current_schema() == "public"


def test_town_work_outside_every_town_is_refused(db: None) -> None:
    with pytest.raises(OutsideTown):
        require_town()
    with entered("t_alpha"):
        assert require_town() == "t_alpha"


def test_a_town_is_found_by_its_schema(town: Town) -> None:
    assert town_named("t_beta").name == "明德镇"
    assert current_schema() == "t_alpha"
    with pytest.raises(TownUnknown):
        town_named("t_nowhere")


def test_a_cached_value_of_one_town_is_not_another_s(town: Town) -> None:
    cache.set("kernel_test", "alpha", timeout=5)
    with entered("t_beta"):
        assert cache.get("kernel_test") is None
    assert cache.get("kernel_test") == "alpha"


def test_no_lock_is_waited_for_without_end(committing_town: Town) -> None:
    from django.db import OperationalError, transaction

    def wait() -> None:
        with transaction.atomic():
            locking.limit_waiting("200ms")
            locking.advisory("kernel_test")
            connection.cursor().execute("SELECT pg_sleep(0.6)")

    results = together(wait, wait)
    [refused] = [result for result in results if result is not None]
    assert isinstance(refused, OperationalError)
    assert isinstance(refusal_of(refused), Busy)


def test_a_check_counts_by_query_or_by_code(db: None) -> None:
    assert Check("X", "两行", sql="SELECT 2").breaches() == 2
    assert Check("X", "没有", sql="SELECT NULL").breaches() == 0
    assert Check("X", "三处", run=lambda: 3).breaches() == 3


def test_no_town_table_points_to_a_public_table() -> None:
    from django.apps import apps
    from django.conf import settings

    both = set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    configs = {config.name: config for config in apps.get_app_configs()}
    public = {model for name in set(settings.SHARED_APPS) - both for model in configs[name].get_models()}
    towns = [model for name in settings.TENANT_APPS for model in configs[name].get_models()]
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in towns
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model in public
    ]
    assert crossing == []
