"""The office's and a village's pages about households, rosters, participation and roles."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jifen.kernel import clock
from jifen.kernel.tenancy import entered
from tenants.community import selectors
from tenants.community.models import Consent, Household, Resident, Role, RosterImport, VillageRole
from tenants.models import Town
from tests.cast import Cast
from tests.clients import PageClient
from tests.community.test_roster import row, workbook

ClientFor = Callable[..., PageClient]
NAMES = ("households/", "households/new/", "roster/", "participation/", "roles/", "contacts/", "cells/")


@pytest.mark.parametrize("name", NAMES)
def test_steward_and_office_open_every_page(cast: Cast, client_for: ClientFor, name: str) -> None:
    assert client_for(cast.steward()).get(f"/village/{name}").status_code == 200
    assert client_for(cast.officer()).get(f"/office/{name}").status_code == 200


def test_only_the_admin_adds_villages(cast: Cast, client_for: ClientFor) -> None:
    assert client_for(cast.officer()).get("/office/villages/").status_code == 403
    answer = client_for(cast.admin()).post("/office/villages/", {"name": "白江洞村", "code": "310115101002"})
    assert answer.status_code == 302


def test_a_steward_writes_down_the_number_of_her_village_and_no_other(cast: Cast, client_for: ClientFor) -> None:
    page, own, other = client_for(cast.steward()), cast.village(), cast.village("白江洞村")
    assert own.name in page.get("/village/contacts/").content.decode()
    page.post("/village/contacts/", {f"village_{own.pk}": "023-12345678", f"village_{other.pk}": "023-87654321"})
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.phone, other.phone) == ("023-12345678", "")


def test_a_wrong_number_is_refused_and_nothing_changes(cast: Cast, client_for: ClientFor) -> None:
    village, other = cast.village(), cast.village("白江洞村")
    sent = {f"village_{village.pk}": "问村长", f"village_{other.pk}": "52671234"}
    answer = client_for(cast.admin()).post("/office/contacts/", sent)
    other.refresh_from_db()
    assert (answer.status_code, other.phone) == (422, "")


def test_a_roster_brings_its_villages_number_and_says_where_one_is_missing(cast: Cast, client_for: ClientFor) -> None:
    page, village = client_for(cast.steward()), cast.village()
    sent = {"file": SimpleUploadedFile("名册.xlsx", workbook(row())), "village": village.pk}
    shown = page.get(page.post("/village/roster/", sent).headers["Location"]).content.decode()
    assert "还没有联系电话" in shown
    again = {"file": SimpleUploadedFile("名册.xlsx", workbook(row())), "village": village.pk, "phone": "52671234"}
    shown = page.get(page.post("/village/roster/", again).headers["Location"]).content.decode()
    assert "还没有联系电话" not in shown


def test_a_steward_finds_a_household_by_pinyin(cast: Cast, client_for: ClientFor) -> None:
    steward = cast.steward()
    cast.household(name="欧阳春", number="01007")
    answer = client_for(steward).get("/village/households/", {"word": "ouyang"})
    assert "01007" in answer.content.decode()


def test_another_villages_household_is_not_there(cast: Cast, client_for: ClientFor) -> None:
    cast.household(cast.village("白江洞村"), number="02001")
    assert client_for(cast.steward()).get("/village/households/02001/").status_code == 404


def test_another_towns_household_is_not_there(cast: Cast, client_for: ClientFor, other_town: Town) -> None:
    with entered("t_beta"):
        cast.household(number="09001")
    assert client_for(cast.officer()).get("/office/households/09001/").status_code == 404


def test_numbers_are_masked_on_the_page(cast: Cast, client_for: ClientFor) -> None:
    household = cast.household(number="01001")
    assert household.head is not None
    page = client_for(cast.steward()).get("/village/households/01001/").content.decode()
    assert household.head.id_number not in page
    assert household.head.id_number[:3] + "***" in page


def test_a_household_is_put_on_file(cast: Cast, client_for: ClientFor) -> None:
    steward = cast.steward()
    values = {"village": cast.village().pk, "group": 2, "number": "01050", "head_name": "钱多", "is_lived_in": "on"}
    assert client_for(steward).post("/village/households/new/", values).status_code == 302
    assert Household.objects.get(number="01050").group.number == 2


def test_a_wrong_id_number_is_said_at_its_field_and_nothing_is_filed(cast: Cast, client_for: ClientFor) -> None:
    values = {"village": cast.village().pk, "group": 1, "number": "01050", "head_name": "钱多", "head_id_number": "123"}
    answer = client_for(cast.steward()).post("/village/households/new/", values)
    assert (answer.status_code, Household.objects.filter(number="01050").exists()) == (422, False)
    assert "身份证号应为18位" in answer.content.decode()


@pytest.mark.parametrize("number", ["3/12", "..", "a?b", "a b"])
def test_a_number_that_fits_no_address_is_refused_at_its_field(cast: Cast, client_for: ClientFor, number: str) -> None:
    steward = client_for(cast.steward())
    values = {"village": cast.village().pk, "group": 1, "number": number, "head_name": "钱多"}
    assert steward.post("/village/households/new/", values).status_code == 422
    assert not Household.objects.filter(number=number).exists()
    assert steward.get("/village/households/").status_code == 200


def test_a_household_joins_and_leaves(cast: Cast, client_for: ClientFor) -> None:
    household, client = cast.household(number="01001", joined=False), client_for(cast.steward())
    member = household.members.get()
    values = {"deed": "join", "applicant": member.pk, "on": "2025-02-01", "agreement": ""}
    assert client.post("/village/households/01001/", values).status_code == 302
    assert household.applications.get().ground == "本村户籍家庭户"
    client.post("/village/households/01001/leave/")
    assert household.applications.get().state == "left"


def test_consent_is_given_and_withdrawn(cast: Cast, client_for: ClientFor) -> None:
    household, client = cast.household(number="01001"), client_for(cast.steward())
    path = f"/village/households/01001/consents/{household.head_id}/publication/"
    client.post(path)
    assert Consent.objects.get().withdrawn_on is None
    client.post(path)
    assert Consent.objects.get().withdrawn_on is not None


def test_a_roster_is_handed_in_and_its_bad_rows_are_fetched(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.steward())
    body = workbook(row(), row("李四", "配偶", 手机号="138"))
    upload = SimpleUploadedFile("名册.xlsx", body)
    answer = client.post("/village/roster/", {"file": upload, "village": cast.village().pk})
    record = RosterImport.objects.get()
    assert answer["Location"] == f"/village/roster/{record.pk}/"
    assert "手机号应为11位数字" in client.get(answer["Location"]).content.decode()
    assert client.get(f"/village/roster/{record.pk}/rows/").status_code == 302


def test_a_trial_run_shows_what_would_happen(cast: Cast, client_for: ClientFor) -> None:
    upload = SimpleUploadedFile("名册.xlsx", workbook(row()))
    cast.village()
    answer = client_for(cast.officer()).post("/office/roster/", {"file": upload, "is_trial": "on"})
    assert "可新建1户1人" in answer.content.decode()
    assert not RosterImport.objects.exists()


def test_a_broken_roster_is_refused_at_its_field(cast: Cast, client_for: ClientFor) -> None:
    upload = SimpleUploadedFile("名册.xlsx", b"PK\x03\x04 broken")
    answer = client_for(cast.officer()).post("/office/roster/", {"file": upload})
    assert answer.status_code == 422
    assert "另存为" in answer.content.decode()


def test_a_steward_hands_in_no_roster_of_another_village(cast: Cast, client_for: ClientFor) -> None:
    other = cast.village("白江洞村")
    upload = SimpleUploadedFile("名册.xlsx", workbook(row(村="白江洞村")))
    answer = client_for(cast.steward()).post("/village/roster/", {"file": upload, "village": other.pk})
    assert (answer.status_code, RosterImport.objects.exists()) == (422, False)


def test_somebody_is_appointed_with_a_new_account(cast: Cast, client_for: ClientFor) -> None:
    cast.household(name="孙委员", number="01009")
    values = {
        "village": cast.village().pk, "number": "01009", "name": "孙委员", "role": "committee", "seat": "村两委干部",
        "username": "sunweiyuan", "password": "cun-2025-ok",
    }  # fmt: skip
    assert client_for(cast.officer()).post("/office/roles/", values).status_code == 302
    role = VillageRole.objects.get(role=Role.COMMITTEE)
    assert (role.user.display_name, role.user.must_change_password) == ("孙委员", True)


def test_a_steward_makes_no_account_for_another_villages_people(cast: Cast, client_for: ClientFor) -> None:
    cast.household(cast.village("白江洞村"), name="钱七", number="02002")
    values = {
        "village": cast.village().pk, "number": "02002", "name": "钱七", "role": "volunteer", "username": "qianqi",
        "password": "cun-2025-ok",
    }  # fmt: skip
    answer = client_for(cast.steward()).post("/village/roles/", values)
    assert answer.status_code == 422
    assert "本镇没有这个户号" in answer.content.decode()
    assert not Resident.objects.get(name="钱七").user_id


def test_a_steward_neither_seats_her_committee_nor_ends_her_supervisor(cast: Cast, client_for: ClientFor) -> None:
    client, person = client_for(cast.steward()), cast.household(name="孙委员", number="01009")
    watching = cast.supervisor().village_roles.get()
    values = {"village": cast.village().pk, "number": person.number, "name": "孙委员", "role": "committee"}
    assert client.post("/village/roles/", values).status_code == 422
    assert client.post(f"/village/roles/{watching.pk}/end/").status_code == 403
    assert VillageRole.objects.filter(role=Role.COMMITTEE).count() == 0
    assert VillageRole.objects.get(pk=watching.pk).to_date is None


def test_participation_is_measured_against_all_households(cast: Cast, client_for: ClientFor) -> None:
    village, client = cast.household().village, client_for(cast.officer())
    client.post("/office/participation/", {"village": village.pk, "as_of": "2025-01-01", "total": 4, "source": "台账"})
    assert "25%" in client.get("/office/participation/").content.decode()
    assert selectors.participation(village, clock.today()) == selectors.Participation(1, 4)


@pytest.mark.parametrize("as_of", [None, "2025-01-01"])
def test_fewer_households_than_take_part_are_refused_at_the_total(
    cast: Cast, client_for: ClientFor, as_of: str | None
) -> None:
    village = cast.village()
    for name in ("张三", "李四"):
        cast.household(village, name=name)
    form = {"village": village.pk, "as_of": as_of or f"{clock.today()}", "total": 1, "source": "台账"}
    answer = client_for(cast.officer()).post("/office/participation/", form)
    assert answer.status_code == 422 and "已有2户参加" in str(answer.context["form"].errors["total"])
    assert not village.totals.exists()
