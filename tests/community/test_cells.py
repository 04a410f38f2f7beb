"""联户组: made in a village, who is in one from when to when, on pages and for programs."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from jifen.audit.models import AuditRow
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import Conflict, InvalidInput
from jifen.kernel.tenancy import entered
from scoring.models import Year
from scoring.services import years
from tenants.community import errors, selectors
from tenants.community.models import Cell, CellMember, Household
from tenants.community.services import cells
from tenants.models import Town
from tests.cast import Cast
from tests.clients import ApiClient, PageClient
from tests.scoring import closing
from tests.together import together

ClientFor = Callable[..., PageClient]
Api = Callable[..., ApiClient]
SPRING, SUMMER = date(2025, 3, 1), date(2025, 7, 1)
PAGE, API = "/village/cells/", "/api/v1/cells/"


@pytest.fixture
def homes(cast: Cast) -> list[Household]:
    return [cast.household(name=name, number=f"0100{place}") for place, name in enumerate("赵钱孙", start=1)]


@pytest.fixture
def cell(cast: Cast, homes: list[Household]) -> Cell:
    """第一组, with 01001 and 01002 since spring."""
    made = cells.make(village=cast.village(), name="第一组", by=SYSTEM)
    cells.put_in(cell=made, numbers=["01001", "01002"], on=SPRING, by=SYSTEM)
    return made


def test_who_is_in_it_is_a_matter_of_the_day(cast: Cast, cell: Cell, homes: list[Household]) -> None:
    first, second, _ = homes
    cells.take_out(cell=cell, household=second, on=SUMMER, by=SYSTEM)
    both = {first.pk: (first.pk, second.pk), second.pk: (first.pk, second.pk)}
    everybody = {home.pk for home in homes}
    assert selectors.cell_households(everybody, date(2025, 6, 30)) == both
    assert selectors.cell_households(everybody, SUMMER) == {first.pk: (first.pk,)}
    assert selectors.cell_households(everybody, date(2025, 2, 28)) == {}
    acts = AuditRow.objects.filter(action__startswith="cell.").order_by("pk")
    assert [row.action for row in acts] == ["cell.make", "cell.put_in", "cell.take_out"]
    assert acts[1].data == {"households": ["01001", "01002"], "on": "2025-03-01"}


def test_the_database_keeps_a_household_in_one_cell_at_a_time(cast: Cast, cell: Cell, homes: list[Household]) -> None:
    other = cells.make(village=cast.village(), name="第二组", by=SYSTEM)
    with pytest.raises(IntegrityError, match="community_cell_of_one"), transaction.atomic():
        CellMember.objects.create(cell=other, household=homes[0], from_date=SUMMER)
    cells.take_out(cell=cell, household=homes[0], on=SUMMER, by=SYSTEM)
    CellMember.objects.create(cell=other, household=homes[0], from_date=SUMMER)


def test_the_database_keeps_a_cell_in_its_village(cast: Cast, cell: Cell) -> None:
    far = cast.household(cast.village("白江洞村"))
    with pytest.raises(IntegrityError, match="a cell is of one village"), transaction.atomic():
        CellMember.objects.create(cell=cell, household=far, from_date=SPRING)


def test_the_database_rewrites_nobody_who_was_in_it(cell: Cell, homes: list[Household]) -> None:
    cells.take_out(cell=cell, household=homes[0], on=SUMMER, by=SYSTEM)
    for change in ({"to_date": None}, {"from_date": date(2025, 1, 1)}):
        with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
            CellMember.objects.filter(household=homes[0]).update(**change)


@pytest.mark.parametrize(("numbers", "on", "code"), [
    (["01003", "01001"], SUMMER, "in_another_cell"),
    (["01003", "09009"], SUMMER, "cell_of_other_village"),
    (["01003"], date(2999, 1, 1), "date_in_future"),
])  # fmt: skip
def test_all_are_put_in_or_none(
    cast: Cast, cell: Cell, homes: list[Household], numbers: list[str], on: date, code: str
) -> None:
    cast.household(cast.village("白江洞村"), number="09009")
    other = cells.make(village=cast.village(), name="第二组", by=SYSTEM)
    with pytest.raises((Conflict, InvalidInput)) as refused:
        cells.put_in(cell=other, numbers=numbers, on=on, by=SYSTEM)
    assert (refused.value.code, other.members.exists()) == (code, False)


def test_nobody_goes_before_she_came_or_twice(cell: Cell, homes: list[Household]) -> None:
    with pytest.raises(errors.CellDayWrong):
        cells.take_out(cell=cell, household=homes[0], on=date(2025, 2, 1), by=SYSTEM)
    cells.take_out(cell=cell, household=homes[0], on=SPRING, by=SYSTEM)
    assert homes[0].pk not in selectors.cell_households([homes[0].pk], SPRING)
    with pytest.raises(errors.NotInCell):
        cells.take_out(cell=cell, household=homes[0], on=SUMMER, by=SYSTEM)


def test_a_steward_makes_one_and_sees_who_is_in_it(cast: Cast, client_for: ClientFor, homes: list[Household]) -> None:
    client = client_for(cast.steward())
    assert client.post(PAGE, {"village": cast.village().pk, "name": "第一组"}).status_code == 302
    assert "已经有叫" in client.post(PAGE, {"village": cast.village().pk, "name": "第一组"}).text
    here = f"{PAGE}{Cell.objects.get().pk}/"
    assert client.post(here, {"numbers": "01001、01003\n01001", "on": "2025-03-01"}).status_code == 302
    assert "01003" in client.get(here).text and "2</td>" in client.get(PAGE).text
    assert "第一组" in client.get("/village/households/01001/").text
    assert client.post(f"{here}01003/out/", {"on": "2025-03-09"}).status_code == 302
    assert "2025年3月9日" in client.get(here).text and "2</td>" not in client.get(PAGE).text


def test_a_wrong_day_on_the_page_takes_nobody_out(cast: Cast, client_for: ClientFor, cell: Cell) -> None:
    client, here = client_for(cast.steward()), f"{PAGE}{cell.pk}/"
    for day, said in (("", "请填写调出的日期"), ("2025-01-01", "不能更早"), ("2999-01-01", "不能晚于今天")):
        assert said in client.post(f"{here}01001/out/", {"on": day}, follow=True).text
    assert cell.members.filter(to_date=None).count() == 2
    wrong = client.post(here, {"numbers": "01001", "on": "2025-09-01"})
    assert wrong.status_code == 422 and "已经编在“第一组”里" in wrong.text


def test_a_reader_changes_nothing_and_another_village_sees_nothing(
    cast: Cast, client_for: ClientFor, api_client: Api, cell: Cell
) -> None:
    reader, far = cast.committee(), cast.steward(cast.village("白江洞村"))
    sent = {"numbers": ["01003"], "on": "2025-03-01"}
    assert client_for(reader).get(f"{PAGE}{cell.pk}/").status_code == 200
    for post in (
        client_for(reader).post(f"{PAGE}{cell.pk}/", sent), client_for(reader).post(PAGE, {"name": "别组"}),
        client_for(reader).post(f"{PAGE}{cell.pk}/01001/out/", {"on": "2025-09-01"}),
        api_client(reader).post(f"{API}{cell.pk}/put-in/", sent),
    ):  # fmt: skip
        assert post.status_code == 403
    assert client_for(far).get(f"{PAGE}{cell.pk}/").status_code == 404
    assert client_for(far).post(f"{PAGE}{cell.pk}/01001/out/", {"on": "2025-09-01"}).status_code == 404
    assert api_client(far).get(API).json()["results"] == []
    assert api_client(far).post(f"{API}{cell.pk}/put-in/", sent).status_code == 404
    assert client_for(cast.villager(cast.household())).get(PAGE).status_code == 403
    assert (cell.members.filter(to_date=None).count(), Cell.objects.count()) == (2, 1)


def test_nobody_of_another_town_finds_it(cast: Cast, api_client: Api, cell: Cell, other_town: Town) -> None:
    with entered("t_beta"):
        foreign = api_client(Cast().officer())
        assert foreign.get(API).json()["results"] == []
        assert foreign.get(f"{API}{cell.pk}/").status_code == 404


def test_programs_make_fill_and_empty_one(cast: Cast, api_client: Api, homes: list[Household]) -> None:
    api, village = api_client(cast.steward()), cast.village()
    made = api.post(API, {"village": village.pk, "name": "第一组"})
    assert (made.status_code, made.json()["members"]) == (201, [])
    one = f"{API}{made.json()['id']}/"
    assert len(api.post(f"{one}put-in/", {"numbers": ["01001", "01002"], "on": "2025-03-01"}).json()["members"]) == 2
    answer = api.post(f"{one}take-out/", {"household": "01002", "on": "2025-07-01"}).json()
    assert [row["to_date"] for row in answer["members"]] == [None, "2025-07-01"]
    again = api.post(f"{one}put-in/", {"numbers": ["01001"], "on": clock.today().isoformat()})
    assert (again.status_code, again.json()["code"], again.json()["field"]) == (409, "in_another_cell", "numbers")
    assert api.post(API, {"village": 999_999, "name": "别组"}).status_code == 404


@pytest.fixture
def sealed(cell: Cell) -> int:
    """The year before this one, closed by two people; 2025 or later."""
    last = clock.today().year - 1
    closing.seal(years.open_year(number=last, by=SYSTEM))
    years.open_year(number=last + 1, by=SYSTEM)
    return last


def test_who_was_in_it_in_a_sealed_year_does_not_change(
    cast: Cast, cell: Cell, homes: list[Household], sealed: int
) -> None:
    far = cells.make(village=cast.village(), name="第二组", by=SYSTEM)
    for day in (date(sealed, 12, 31), date(sealed - 1, 6, 1)):
        with pytest.raises(errors.CellYearSealed):
            cells.put_in(cell=far, numbers=["01003"], on=day, by=SYSTEM)
        with pytest.raises(errors.CellYearSealed):
            cells.take_out(cell=cell, household=homes[0], on=day, by=SYSTEM)
    assert (far.members.count(), cell.members.filter(to_date=None).count()) == (0, 2)


def test_from_new_year_s_day_or_once_the_year_is_open_again_it_does(
    cell: Cell, homes: list[Household], sealed: int
) -> None:
    cells.put_in(cell=cell, numbers=["01003"], on=date(sealed + 1, 1, 1), by=SYSTEM)
    closing.reopen(Year.objects.get(number=sealed))
    assert cells.take_out(cell=cell, household=homes[0], on=date(sealed, 12, 1), by=SYSTEM).to_date


def test_pages_and_programs_say_which_year_is_sealed(
    cast: Cast, client_for: ClientFor, api_client: Api, cell: Cell, sealed: int
) -> None:
    steward, day, here = cast.steward(), f"{sealed}-12-31", f"{PAGE}{cell.pk}/"
    page, api = client_for(steward), api_client(steward)
    refused = page.post(here, {"numbers": "01003", "on": day})
    assert refused.status_code == 422 and f"{sealed}年度已经封账" in refused.text
    assert f"{sealed}年度已经封账" in page.post(f"{here}01001/out/", {"on": day}, follow=True).text
    for answer in (
        api.post(f"{API}{cell.pk}/put-in/", {"numbers": ["01003"], "on": day}),
        api.post(f"{API}{cell.pk}/take-out/", {"household": "01001", "on": day}),
    ):
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "cell_year_sealed", "on")
    assert cell.members.filter(to_date=None).count() == 2


def test_the_day_of_leaving_has_a_label_that_is_seen(cast: Cast, client_for: ClientFor, cell: Cell) -> None:
    text = client_for(cast.steward()).get(f"{PAGE}{cell.pk}/").text
    assert text.count('<label class="row-x">从哪天起不在组<input') == 2 and 'aria-label="从哪天' not in text


def test_two_cells_at_once_get_a_household_once(committing_town: Town) -> None:
    cast = Cast()
    cast.household(number="01001")
    made = [cells.make(village=cast.village(), name=name, by=SYSTEM) for name in ("第一组", "第二组", "第三组")]
    acts = [partial(cells.put_in, cell=one, numbers=["01001"], on=SPRING, by=SYSTEM) for one in made]
    answers = together(*acts)
    assert sorted(isinstance(one, errors.InAnotherCell) for one in answers) == [False, True, True]
    assert CellMember.objects.count() == 1
