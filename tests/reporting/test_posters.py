"""The printed forms of a notice."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typst

from jifen.files import selectors as files
from jifen.files.storage import ensure_bucket
from jifen.kernel.actors import SYSTEM
from jifen.web import pdf
from reporting import addresses, poster, snapshots
from reporting.models import Notice
from reporting.services import answers, notices, objections, posters
from tests.cast import Cast
from tests.clients import PageClient
from tests.reporting import months

COMMON = Path(pdf.__file__).parent / "typst" / "common.typ"
JULY = date(2026, 7, 6)


@pytest.fixture
def notice(cast: Cast) -> Notice:
    months.set_up("seed_002")
    home = cast.household(name="禤汧", number="0001")
    months.deed(home, "举报违法犯罪", JULY)
    months.deed(home, "乱丢垃圾", JULY)
    months.post(home.village, JULY)
    return notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)


@pytest.mark.services
def test_both_forms_are_printed_once_and_kept(notice: Notice) -> None:
    ensure_bucket()
    assert [made.form for made in posters.make_posters(notice=notice)] == ["a3", "a4"]
    assert posters.make_posters(notice=notice) == []
    for made in notice.posters.all():
        assert files.body(made.file).startswith(b"%PDF-")


@pytest.mark.services
def test_staff_are_led_to_the_printed_form(notice: Notice, cast: Cast, client_for: Callable[..., PageClient]) -> None:
    ensure_bucket()
    page = client_for(cast.officer())
    assert page.get(f"/office/notices/{notice.pk}/posters/a3/").status_code == 404
    posters.make_posters(notice=notice)
    assert page.get(f"/office/notices/{notice.pk}/posters/a3/").status_code == 302


def test_a_poster_never_says_who_reported_what(notice: Notice) -> None:
    content = poster.content(notice, url=addresses.notice(notice))
    assert {"date": "—", "who": "0001", "title": "依规定不公开事由", "points": "+2"} in content["changes"]
    assert "举报" not in str(content)


def test_the_a3_form_is_one_page_however_many_places_there_are(cast: Cast, notice: Notice) -> None:
    for number in range(30):
        cast.household(number=f"9{number:03d}")
    town = notices.publish_quarter(village=None, year=2026, quarter=3, by=SYSTEM)
    body = pdf.compile("reporting/a3.typ", poster.content(town, url=addresses.notice(town)))
    assert re.findall(rb"/Count (\d+)", body) == [b"1"]


def test_a_difference_notice_can_be_printed(cast: Cast, notice: Notice) -> None:
    home, member = cast.household(), months.investigator(cast)
    objection = objections.raise_objection(household=home, notice=notice, text="有误。", by=SYSTEM)
    answers.answer(objection=objection, upheld=True, finding="第二组的数据有误。", by=member)
    made = Notice.objects.get(kind="difference")
    assert pdf.compile("reporting/a4.typ", poster.content(made, url=addresses.notice(made))).startswith(b"%PDF-")


def test_the_code_on_the_poster_leads_to_the_notices_page(notice: Notice) -> None:
    assert addresses.notice(notice) == f"http://alpha.localhost:8000/n/{notice.token}/"


def _said(template: str, content: dict[str, Any], element: str) -> str:
    """What the template sets as ``element``, before it becomes glyphs."""
    folder = Path(poster.__file__).parent / "typst"
    source = COMMON.read_bytes() + b"\n" + (folder / template).read_bytes()
    inputs = {"data": json.dumps({**content, "lost": []}, ensure_ascii=False)}
    return typst.Compiler(source, root=str(folder), sys_inputs=inputs).query(element)


@pytest.mark.parametrize("colour", ["red", "black"])
def test_the_a3_form_prints_every_row_of_a_list_on_one_page(notice: Notice, colour: str) -> None:
    content = poster.content(notice, url=addresses.notice(notice))
    who = [f"88{number:02d}" for number in range(1, 17)]
    rows = [{"place": "1", "number": number, "name": "", "group": "", "points": "9", "events": ""} for number in who]
    content["lists"] = [
        {"colour": "red", "name": "红榜", "rule": "", "rows": rows if colour == "red" else rows[:10]},
        {"colour": "black", "name": "黑榜", "rule": "", "rows": rows if colour == "black" else rows[:10]},
    ]
    tables = _said("a3.typ", content, "table")
    assert all(number in tables for number in who)
    assert re.findall(rb"/Count (\d+)", pdf.compile("reporting/a3.typ", content)) == [b"1"]


@pytest.mark.parametrize("template", ["a3.typ", "a4.typ"])
def test_without_a_stored_number_a_poster_leaves_room_to_write_one(notice: Notice, template: str) -> None:
    content = poster.content(notice, url=addresses.notice(notice))
    assert "52671234" in _said(template, {**content, "phone": "52671234"}, "<phone>")
    assert _said(template, {**content, "phone": ""}, "<phone>") == "[]"


def test_a_shortened_ranking_of_the_town_says_so_on_page_and_poster(
    cast: Cast, notice: Notice, client_for: Callable[..., PageClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "TOWN_RANKING_ROWS", 1)
    other = cast.household(cast.village("白江洞村"), number="9001")
    months.deed(other, "举报违法犯罪", JULY)
    months.post(other.village, JULY)
    town = notices.publish_quarter(village=None, year=2026, quarter=3, by=SYSTEM)
    content = poster.content(town, url=addresses.notice(town))
    words = next(part["cut"] for part in content["rankings"] if part["cut"])
    assert words.startswith("全镇共2户，只列前1名")
    assert all(words in _said(template, content, "<cut>") for template in ("a3.typ", "a4.typ"))
    assert words in client_for(cast.officer()).get(f"/office/notices/{town.pk}/").content.decode()


def test_a_town_without_a_stored_number_prints_none(notice: Notice) -> None:
    silent = {**notice.snapshot, "header": {**notice.snapshot["header"], "phone": ""}}
    told = Notice(kind=notice.kind, snapshot=silent, sha256=notice.sha256)
    assert poster.content(told, url=addresses.notice(notice))["phone"] == ""


@pytest.mark.parametrize("template", ["a3.typ", "a4.typ"])
def test_a_poster_says_how_its_lists_were_made(notice: Notice, template: str) -> None:
    content = poster.content(notice, url=addresses.notice(notice))
    assert content["lists"][0]["rule"].startswith("按本季") and "最多" in content["lists"][0]["rule"]
    without = {**content, "ties": "", "lists": [{**part, "rule": ""} for part in content["lists"]]}
    assert len(pdf.compile(f"reporting/{template}", content)) > len(pdf.compile(f"reporting/{template}", without))
