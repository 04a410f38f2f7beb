"""The same operations for programs."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tenants.community.models import Application, Consent, Household, VillageRole
from tests.cast import Cast
from tests.clients import ApiClient
from tests.community.test_roster import row, workbook

Api = Callable[..., ApiClient]


def test_a_household_is_made_and_read_masked(cast: Cast, api_client: Api) -> None:
    api = api_client(cast.steward())
    body = {
        "number": "01050",
        "village": cast.village().pk,
        "group": 3,
        "head_name": "钱多",
        "head_phone": "13812341234",
    }
    assert api.post("/api/v1/households/", body).status_code == 201
    assert api.get("/api/v1/households/01050/").json()["head_name"] == "钱多"
    [member] = api.get("/api/v1/residents/", {"household": "01050"}).json()["results"]
    assert member["phone"] == "138****1234"


def test_the_same_key_makes_one_household(cast: Cast, api_client: Api) -> None:
    api = api_client(cast.steward())
    body = {"number": "01050", "village": cast.village().pk, "group": 3, "head_name": "钱多"}
    answers = [api.post("/api/v1/households/", body, HTTP_IDEMPOTENCY_KEY="once") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Household.objects.filter(number="01050").count() == 1


def test_a_household_applies_joins_and_leaves(cast: Cast, api_client: Api) -> None:
    api, household = api_client(cast.steward()), cast.household(number="01001", joined=False)
    body = {"household": "01001", "applicant": household.head_id, "on": "2025-02-01"}
    made = api.post("/api/v1/applications/", body).json()
    joined = api.post(f"/api/v1/applications/{made['id']}/join/", {"on": "2025-02-01"})
    assert joined.json()["state"] == "joined"
    assert api.post("/api/v1/households/01001/leave/", {"on": "2025-03-01"}).json()["state"] == "left"


def test_a_wrong_number_is_a_problem_that_names_the_field(cast: Cast, api_client: Api) -> None:
    api = api_client(cast.steward())
    body = {"number": "01050", "village": cast.village().pk, "group": 3, "head_name": "钱多", "head_id_number": "1"}
    answer = api.post("/api/v1/households/", body)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "id_number_wrong")
    assert not Household.objects.filter(number="01050").exists()


def test_another_villages_people_are_not_there(cast: Cast, api_client: Api) -> None:
    other = cast.household(cast.village("白江洞村"), number="02001")
    api = api_client(cast.steward())
    assert api.get("/api/v1/households/02001/").status_code == 404
    body = {"resident": other.head_id, "kind": "publication", "on": "2025-02-01"}
    assert api.post("/api/v1/consents/", body).status_code == 404
    assert not Consent.objects.exists()


def test_a_committee_member_reads_but_writes_nothing(cast: Cast, api_client: Api) -> None:
    household = cast.household(number="01001", joined=False)
    api = api_client(cast.committee())
    assert api.get("/api/v1/households/01001/").status_code == 200
    body = {"household": "01001", "applicant": household.head_id, "on": "2025-02-01"}
    assert api.post("/api/v1/applications/", body).status_code == 403
    assert not Application.objects.filter(household=household).exists()


def test_consent_is_given_and_withdrawn(cast: Cast, api_client: Api) -> None:
    api, household = api_client(cast.steward()), cast.household()
    body = {"resident": household.head_id, "kind": "publication", "on": "2025-02-01"}
    made = api.post("/api/v1/consents/", body).json()
    assert (
        api.post(f"/api/v1/consents/{made['id']}/withdraw/", {"on": "2025-03-01"}).json()["withdrawn_on"]
        == "2025-03-01"
    )


def test_a_role_is_given_and_ended(cast: Cast, api_client: Api) -> None:
    api, user = api_client(cast.officer()), cast.villager(cast.household())
    made = api.post(
        "/api/v1/village-roles/", {"user": user.pk, "village": cast.village().pk, "role": "volunteer"}
    ).json()
    assert api.post(f"/api/v1/village-roles/{made['id']}/end/").status_code == 204
    assert not VillageRole.objects.filter(user=user, to_date=None).exists()


def test_a_steward_gives_no_role_that_the_town_gives(cast: Cast, api_client: Api) -> None:
    api, user = api_client(cast.steward()), cast.villager(cast.household())
    body = {"user": user.pk, "village": cast.village().pk, "role": "committee"}
    answer = api.post("/api/v1/village-roles/", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "town_appoints")
    assert not VillageRole.objects.filter(user=user).exists()


def test_a_roster_is_handed_in(cast: Cast, api_client: Api) -> None:
    api = api_client(cast.officer())
    cast.village()
    upload = SimpleUploadedFile("名册.xlsx", workbook(row(), row("李四", "配偶", 手机号="138")))
    answer = api.post("/api/v1/roster-imports/", {"file": upload}, format="multipart")
    assert answer.status_code == 201
    assert answer.json()["residents"] == 1
    assert answer.json()["problems"] == [[3, "手机号", "手机号应为11位数字"]]


def test_a_village_gets_its_number(cast: Cast, api_client: Api) -> None:
    village = cast.village()
    api = api_client(cast.officer())
    assert api.put(f"/api/v1/villages/{village.pk}/phone/", {"phone": " 5267 1234"}).json()["phone"] == "52671234"
    assert api.put(f"/api/v1/villages/{village.pk}/phone/", {"phone": "村长"}).json()["code"] == "contact_wrong"


def test_villages_and_groups_are_listed(cast: Cast, api_client: Api) -> None:
    group = cast.group(number=2)
    api = api_client(cast.admin())
    assert api.get("/api/v1/villages/").json()["results"][0]["name"] == "石岭岗村"
    assert api.get(f"/api/v1/groups/{group.pk}/").json()["name"] == "2组"
    assert api.post("/api/v1/villages/", {"code": "1", "name": "石岭岗村"}).json()["code"] == "village_taken"


def test_a_program_tells_how_many_households_there_are(cast: Cast, api_client: Callable[..., ApiClient]) -> None:
    village, api = cast.village(), api_client(cast.officer())
    cast.household(village)
    told = {"as_of": "2025-01-01", "total": 4, "source": "台账"}
    assert api.post(f"/api/v1/villages/{village.pk}/total/", told).status_code == 201
    [row] = api.get("/api/v1/villages/participation/").json()
    assert (row["village"], row["joined"], row["total"]) == (village.pk, 1, 4)
    refused = api.post(f"/api/v1/villages/{village.pk}/total/", told | {"total": 0})
    assert (refused.status_code, refused.json()["field"]) == (422, "total")
    stranger = api_client(cast.steward(village=cast.village("白江洞村")))
    assert stranger.post(f"/api/v1/villages/{village.pk}/total/", told).status_code == 404
