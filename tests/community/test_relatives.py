"""Declared relatives: found in the whole town, written down once, seen from both sides."""

from collections.abc import Callable

import pytest

from jifen.audit.models import AuditRow
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import entered
from tenants.community import selectors
from tenants.community.models import Household, Relative
from tenants.community.services import relatives
from tenants.models import Town
from tests.cast import SINCE, Cast, head_of
from tests.clients import ApiClient, PageClient

ClientFor = Callable[..., PageClient]
Api = Callable[..., ApiClient]
PAGE = "/village/households/01001/relatives/"


@pytest.fixture
def home(cast: Cast) -> Household:
    return cast.household(name="张三", number="01001")


@pytest.fixture
def sister(cast: Cast) -> Household:
    return cast.household(cast.village("白江洞村"), name="张芳", number="02001")


def values(home: Household, other: Household, **more: str) -> dict[str, object]:
    chosen = {"member": home.members.get().pk, "other": other.members.get().pk, "kind": "sibling", "on": "2025-03-01"}
    return {**chosen, **more}


def test_a_relative_of_another_village_is_found_and_declared(
    cast: Cast, client_for: ClientFor, home: Household, sister: Household
) -> None:
    client = client_for(cast.steward())
    assert "张芳 · 白江洞村1组 · 户号 02001" in client.get(PAGE, {"word": "zhangfang"}).content.decode()
    assert client.post(f"{PAGE}?word=张芳", values(home, sister)).status_code == 302
    assert selectors.barred_household_ids(sister.head_id) == {home.pk, sister.pk}
    assert AuditRow.objects.filter(action="relative.declare").exists()
    assert "张芳(白江洞村 02001户)是张三的兄弟姐妹" in client.get("/village/households/01001/").content.decode()


def test_both_households_see_the_relation_from_their_own_side(cast: Cast, home: Household, sister: Household) -> None:
    relatives.declare(resident=head_of(home), other=head_of(sister), kind="parent", on=SINCE, by=SYSTEM)
    [here] = selectors.relatives_of(home, SINCE)
    [there] = selectors.relatives_of(sister, SINCE)
    assert (here.other.name, here.kind) == ("张芳", "父母")
    assert (there.other.name, there.kind) == ("张三", "子女")


@pytest.mark.parametrize(("word", "more", "said"), [
    ("李", {}, "里没有这一项"),
    ("张芳", {"kind": "friend"}, "里没有这一项"),
    ("张芳", {"on": "2999-01-01"}, "不能晚于今天"),
])  # fmt: skip
def test_a_wrong_declaration_is_refused_and_nothing_is_written(
    cast: Cast, client_for: ClientFor, home: Household, sister: Household, word: str, more: dict[str, str], said: str
) -> None:
    cast.household(name="李四")
    answer = client_for(cast.steward()).post(f"{PAGE}?word={word}", values(home, sister, **more))
    assert (answer.status_code, Relative.objects.exists()) == (422, False)
    assert said in answer.content.decode()


def test_a_relation_is_declared_once(cast: Cast, client_for: ClientFor, home: Household, sister: Household) -> None:
    relatives.declare(resident=head_of(sister), other=head_of(home), kind="sibling", on=SINCE, by=SYSTEM)
    answer = client_for(cast.steward()).post(f"{PAGE}?word=02001", values(home, sister))
    assert (answer.status_code, Relative.objects.count()) == (422, 1)


def test_another_villages_household_declares_nothing_here(
    cast: Cast, client_for: ClientFor, home: Household, sister: Household
) -> None:
    client = client_for(cast.steward(sister.village))
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}?word=张芳", values(home, sister)).status_code == 404
    assert client_for(cast.committee()).get(PAGE).status_code == 403
    assert not Relative.objects.exists()


def test_nobody_of_another_town_is_found(cast: Cast, client_for: ClientFor, home: Household, other_town: Town) -> None:
    with entered("t_beta"):
        cast.household(name="欧阳远", number="09001")
    client = client_for(cast.officer())
    page = client.get("/office/households/01001/relatives/", {"word": "欧阳远"})
    assert "没有找到这个人" in page.content.decode()


def test_programs_declare_and_list(cast: Cast, api_client: Api, home: Household, sister: Household) -> None:
    api, path = api_client(cast.steward()), "/api/v1/relatives/"
    body = {"resident": home.head_id, "other": sister.head_id, "kind": "sibling", "on": "2025-03-01"}
    assert api.post(path, body).status_code == 201
    assert api.post(path, body).json()["code"] == "relative_declared"
    assert [row["other"] for row in api.get(path).json()["results"]] == [sister.head_id]
    assert api.post(path, {**body, "other": 999_999}).status_code == 404
    assert api.post(path, {**body, "resident": sister.head_id, "other": home.head_id}).status_code == 404
    assert Relative.objects.count() == 1
