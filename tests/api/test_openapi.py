"""Each site describes its own API."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS

from jifen.kernel.tenancy import outside
from tenants.models import Town


@pytest.fixture
def described(town: Town, api_client: Callable[..., Any]) -> dict[str, Any]:
    answer = api_client().get("/api/v1/schema/", {"format": "json"})
    assert answer.status_code == 200
    schema: dict[str, Any] = answer.json()
    return schema


def test_it_is_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")


def test_unsafe_calls_name_their_key(described: dict[str, Any]) -> None:
    create = described["paths"]["/api/v1/uploads/"]["post"]
    assert {"Idempotency-Key"} <= {one["name"] for one in create["parameters"] if one["required"]}


def test_every_call_may_answer_with_a_problem(described: dict[str, Any]) -> None:
    calls = [call for path in described["paths"].values() for call in path.values()]
    assert all("application/problem+json" in call["responses"]["default"]["content"] for call in calls)


def test_the_public_site_does_not_describe_the_towns_calls(db: None, api_client: Callable[..., Any]) -> None:
    with outside():
        answer = api_client().get("/api/v1/schema/", {"format": "json"})
    assert "/api/v1/uploads/" not in answer.json()["paths"]


UNTOLD = ("identical names", "collision", "exception raised", "untyped")
"""What the generator says of calls that nobody could tell apart, or that it could not describe."""


@pytest.mark.parametrize("site", ["town", "public"])
def test_every_component_and_operation_has_a_name_of_its_own(
    town: Town, api_client: Callable[..., Any], capsys: pytest.CaptureFixture[str], site: str
) -> None:
    GENERATOR_STATS.reset()  # what was said in this process once is not said again
    with nullcontext() if site == "town" else outside():
        answer = api_client().get("/api/v1/schema/", {"format": "json"})
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if any(words in line for words in UNTOLD)] == []
    operations = [call["operationId"] for path in answer.json()["paths"].values() for call in path.values()]
    assert len(operations) == len(set(operations)) > 30


def test_a_shop_s_calls_name_a_number(db: None, api_client: Callable[..., Any]) -> None:
    with outside():
        paths = api_client().get("/api/v1/schema/", {"format": "json"}).json()["paths"]
    shops = [call for path, one in paths.items() if "{town_code}" in path and "{id}" in path for call in one.values()]
    kinds = [part["schema"]["type"] for call in shops for part in call["parameters"] if part["name"] == "id"]
    assert kinds == ["integer"] * 6


@pytest.mark.services
def test_health_says_whether_all_parts_answer(db: None, client_for: Callable[..., Any]) -> None:
    answer = client_for().get("/health/")
    assert answer.status_code == 200
    assert len(answer.json()) == 3
    assert set(answer.json().values()) == {"OK"}
