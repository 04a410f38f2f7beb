"""Rulebooks as files on a town's site, the format of those files, and what the checks know of the past year."""

import json
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from jifen.kernel import clock
from scoring.models import DraftState, RulebookVersion
from scoring.rules import library, workbook
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books
from scoring.selectors.gains import past
from scoring.services import draft_checks, drafts, rulebook_papers
from tenants.community.models import TownProfile
from tenants.models import Town
from tests.clients import api_client, page_client
from tests.scoring.desk import Desk, rule
from tests.scoring.rulebooks import Office


def version_of(desk: Desk) -> RulebookVersion:
    found = books.current(None, clock.today())
    assert found is not None
    return found


def test_a_resident_takes_the_rulebook_in_force_as_a_file_of_each_kind(desk: Desk) -> None:
    version = version_of(desk)
    client = page_client(desk.cast.villager(desk.zhang))
    bodies = {kind: client.get(f"/rulebooks/{version.pk}/file.{kind}") for kind in rulebook_papers.KINDS}
    assert {answer.status_code for answer in bodies.values()} == {200}
    assert bodies["pdf"].content.startswith(b"%PDF-")
    assert workbook.read(bodies["xlsx"].content, "细则.xlsx").rulebook == books.whole(version)
    assert library.parse_rulebook(bodies["yaml"].content.decode()) == books.whole(version)


def test_programs_take_the_same_files(desk: Desk) -> None:
    version = version_of(desk)
    answer = api_client(desk.cast.villager(desk.zhang)).get(f"/api/v1/rulebook-versions/{version.pk}/file/xlsx/")
    assert answer.status_code == 200
    assert "正面清单" in CalamineWorkbook.from_filelike(BytesIO(answer.content)).sheet_names


@pytest.mark.parametrize("address", ["/rulebooks/{}/file.exe", "/rulebooks/999999/file.pdf"])
def test_what_is_no_file_of_a_rulebook_is_not_found(desk: Desk, address: str) -> None:
    assert page_client(desk.cast.villager(desk.zhang)).get(address.format(version_of(desk).pk)).status_code == 404


def test_nobody_takes_files_without_signing_in(desk: Desk) -> None:
    assert page_client().get(f"/rulebooks/{version_of(desk).pk}/file.pdf").status_code in (302, 403)


def test_the_cover_says_who_made_it_law_and_since_when(desk: Desk) -> None:
    TownProfile.objects.create(name="川沙新镇")
    version = version_of(desk)
    cover = rulebook_papers.cover_of(version)
    assert (cover.effective_from, cover.resolution, cover.state) == (version.effective_from, version.resolution, "")
    assert (cover.issuer, cover.number) == ("川沙新镇", "第1版")


def test_the_format_of_files_is_served_to_everybody(town: Town) -> None:
    answer = api_client().get("/api/v1/rulebook-schema/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/schema+json")
    assert json.loads(answer.content)["$schema"].endswith("2020-12/schema")


def test_the_past_year_weighs_what_households_gained(desk: Desk) -> None:
    assert past(None, clock.today()).highest == Decimal(0)
    li = desk.cast.household(name="李四", number="01009")
    desk.record("class", household=li)
    for code in ("tidy", "prize", "litter"):
        desk.record(code, facts={"tier": "town"} if code == "prize" else {})
    desk.post()
    found = past(desk.village.pk, clock.today())
    assert (found.median, found.highest) == (Decimal(4), Decimal(6))
    assert found.most_by_rule == {"class": Decimal(4), "tidy": Decimal(2), "prize": Decimal(4)}
    assert past(desk.village.pk + 1, clock.today()).most_by_rule == {}


def test_a_draft_with_an_item_that_touches_a_right_waits_for_a_signature(office: Office) -> None:
    draft = office.town_draft()
    drafts.add_item(draft=draft, code="visit", body=rule("visit", "越级上访", 2, sign="negative"), by=office.zhou)
    draft_checks.check(draft=draft, by=office.zhou)
    [found] = seen.open_findings(draft)
    assert (found.kind, found.codes) == ("legality", ["visit"])
    draft_checks.sign_off(draft=draft, finding=found.pk, reason="经司法所审核，只指违法闹访", by=office.zhou)
    draft.refresh_from_db()
    assert draft.state == DraftState.CHECKED


def test_a_village_answers_for_its_own_items_alone(office: Office) -> None:
    draft = office.village_draft()
    office.add(draft, title="不参加选举")
    draft_checks.check(draft=draft, by=office.wang)
    assert {tuple(one.codes) for one in draft.findings.all()} == {("own-1",)}
