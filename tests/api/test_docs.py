"""The API is described in Chinese, for programs and as a page, on each site."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jifen.kernel.tenancy import outside
from jifen.urls import describing
from tenants.models import Town
from tests.clients import ApiClient, PageClient

SITES = ("town", "public")
Asked = Callable[..., Any]


@pytest.fixture(params=SITES)
def ask(request: pytest.FixtureRequest, town: Town) -> Iterator[Asked]:
    """Asks the client it is given for an address on each of the two sites."""

    def asked(client: ApiClient | PageClient, path: str) -> Any:
        if request.param == "town":
            return client.get(path)
        with outside():
            return client.get(path)

    yield asked


def texts(node: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every summary and description with its place."""
    if isinstance(node, list):
        node = dict(enumerate(node))
    if not isinstance(node, dict):
        return
    for name, value in node.items():
        if name in ("summary", "description") and isinstance(value, str):
            yield f"{at}/{name}", value
        yield from texts(value, f"{at}/{name}")


def test_every_sentence_of_the_description_is_chinese(ask: Asked, api_client: Callable[..., ApiClient]) -> None:
    schema = ask(api_client(), "/api/v1/schema/?format=json").json()
    told = list(texts(schema))
    assert len(told) > 50
    assert [row for row in told if not describing.is_chinese(row[1])] == []


def test_no_part_of_the_description_has_a_numbered_name(ask: Asked, api_client: Callable[..., ApiClient]) -> None:
    schema = ask(api_client(), "/api/v1/schema/?format=json").json()
    assert [name for name in schema["components"]["schemas"] if re.search(r"\d$", name)] == []


def calls(api_client: Callable[..., ApiClient]) -> set[tuple[str, str]]:
    """(first part of the address, ``post {id}/cancel``) of both sites."""
    schemas = [api_client().get("/api/v1/schema/?format=json").json()]
    with outside():
        schemas.append(api_client().get("/api/v1/schema/?format=json").json())
    found = set()
    for schema in schemas:
        for address, methods in schema["paths"].items():
            subject, _, rest = address.removeprefix(describing.PREFIX).strip("/").partition("/")
            found |= {(subject, f"{method} {rest}".strip()) for method in methods}
    return found


def test_every_call_that_changes_something_has_its_own_sentence(
    town: Town, api_client: Callable[..., ApiClient]
) -> None:
    words = describing.operations()
    known = calls(api_client)
    assert {subject for subject, _ in known} == set(words)
    assert [row for row in known if not row[1].startswith("get") and row[1] not in words[row[0]]] == []


def test_no_sentence_is_about_a_call_that_is_no_more(town: Town, api_client: Callable[..., ApiClient]) -> None:
    shared = {"get {id}/moved", "post {id}/rebase"}
    said = {(name, call) for name, words in describing.operations().items() for call in words if call != "name"}
    assert {row for row in said - calls(api_client) if row[1] not in shared} == set()


def test_the_description_is_a_page(ask: Asked, client_for: Callable[..., PageClient]) -> None:
    answer = ask(client_for(), "/api/v1/docs/")
    assert answer.status_code == 200
    assert "怎样调用" in answer.text and "下载 OpenAPI" in answer.text and 'id="Problem"' in answer.text


def test_each_part_that_is_named_can_be_gone_to(ask: Asked, client_for: Callable[..., PageClient]) -> None:
    text = ask(client_for(), "/api/v1/docs/").text
    assert set(re.findall(r'href="#(\w+)"', text)) - {"main"} <= set(re.findall(r'id="(\w+)"', text))
