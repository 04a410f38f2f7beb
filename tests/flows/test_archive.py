"""A sealed year's passbooks are printed volume by volume, once, whatever happens in between."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.clocks.models import Due
from jifen.files import selectors as files
from jifen.flows import archive, close_year
from jifen.kernel.actors import SYSTEM
from scoring.models import YearSeal, YearVolume
from scoring.selectors import volumes
from scoring.services import volumes as services
from scoring.verify import checks
from tests.flows.conftest import LAST
from tests.scoring.closing import CHEN, ZHOU
from tests.scoring.desk import Desk
from tests.scoring.owner import refusal


@pytest.fixture
def closed(lived: Desk) -> Desk:
    close_year.propose(number=LAST, by=ZHOU)
    close_year.confirm(number=LAST, by=CHEN)
    close_year.close(number=LAST, by=SYSTEM)
    return lived


def test_the_close_sets_a_job_for_each_volume_of_a_village(lived: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SIZE", 3)
    close_year.propose(number=LAST, by=ZHOU)
    close_year.confirm(number=LAST, by=CHEN)
    close_year.close(number=LAST, by=SYSTEM)
    made = list(YearVolume.objects.order_by("number"))
    assert [row.households for row in made] == [3, 1] and made[0].last < made[1].first
    periods = Due.objects.filter(kind="year.volume").values_list("period", flat=True)
    assert sorted(periods) == sorted(str(row.pk) for row in made)
    assert services.plan(seal=YearSeal.objects.get()) == [row.pk for row in made]


def test_a_volume_that_leaves_households_out_is_found(closed: Desk) -> None:
    assert [check.title for check in checks() if check.breaches()] == []
    YearVolume.objects.update(households=3)
    assert [check.title for check in checks() if check.breaches()] == ["归档的存折与封存名次的户数一致"]


def test_a_volume_is_printed_once_and_kept(closed: Desk) -> None:
    row = YearVolume.objects.get()
    archive.make(row.pk)
    row.refresh_from_db()
    assert row.file is not None and files.body(row.file).startswith(b"%PDF")
    archive.make(row.pk)
    assert YearVolume.objects.get().file_id == row.file_id
    assert volumes.progress(YearSeal.objects.get()) == (1, 1)
    assert "I7: " in refusal("UPDATE scoring_yearvolume SET file_id = NULL, archived_at = NULL")


def test_a_page_says_what_the_seal_says(closed: Desk) -> None:
    [volume] = YearVolume.objects.select_related("seal")
    pages = {page.head: page for page in volumes.books(volume)}
    assert len(pages) == 4 and pages["张三"].net == pages["张三"].expired == 6 and pages["张三"].village_rank == 1
    assert [line.title for line in pages["张三"].lines] == ["植树", "年终清零"] and pages["李委员"].lines == []


def test_the_office_downloads_a_volume_when_it_is_kept(closed: Desk, client_for: Callable[..., Any]) -> None:
    row, page = YearVolume.objects.get(), client_for(closed.officer)
    assert page.get(f"/office/years/volumes/{row.pk}/").status_code == 404
    archive.make(row.pk)
    assert page.get(f"/office/years/volumes/{row.pk}/").status_code == 302
    assert "已归档" in page.get(f"/office/years/{LAST}/").content.decode()


def test_a_household_downloads_its_own_page_of_the_year(closed: Desk, client_for: Callable[..., Any]) -> None:
    page = client_for(closed.cast.villager(closed.zhang))
    answer = page.get(f"/passbook/print/?year={LAST}")
    assert answer.content.startswith(b"%PDF") and str(LAST) in answer.headers["Content-Disposition"]
