"""A file into a draft: known items by their codes, new ones beside them; a village's as changes on its town's."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jifen.audit.models import AuditRow
from scoring import rulebook_errors as errors
from scoring.models import Draft, DraftState
from scoring.rules import derived, overlay, workbook
from scoring.rules.spec import Rulebook, RuleSpec
from scoring.rules.workbook import Imported
from scoring.selectors import drafts as seen
from scoring.services import draft_imports, drafts
from scoring.services.draft_imports import TakenIn
from tests.clients import api_client
from tests.scoring.rulebooks import Office
from tests.scoring.rules.annexes import HEAD, sheet
from tests.scoring.rules.build import book, rule

NEW = ["人居环境", "植绿", "房前屋后种花", "加1分/次"]


def listed(*rows: list[str]) -> Imported:
    return workbook.read(sheet(HEAD, *rows, title="正面清单"), "清单.xlsx")


def rebuilt(office: Office, draft: Draft, **changes: RuleSpec | None) -> Imported:
    """The draft's rulebook as a workbook, after somebody changed or took out some items."""
    whole = seen.whole(draft)
    rules = [changes.get(one.code, one) for one in whole.rules]
    after = whole.model_copy(update={"rules": tuple(one for one in rules if one is not None)})
    return workbook.read(workbook.write(after), "细则.xlsx")


def priced(draft: Draft, code: str, points: int) -> RuleSpec:
    found = seen.whole(draft).rule(code).model_dump(mode="json")
    return RuleSpec.model_validate(found | {"amount": {"kind": "fixed", "points": points}})


def take(office: Office, draft: Draft, found: Imported, *, whole: bool = False) -> TakenIn:
    by = office.wang if seen.is_village(draft) else office.zhou
    return draft_imports.take_in(draft=draft, imported=found, whole=whole, by=by)


def test_new_items_stand_beside_those_that_are_there(office: Office) -> None:
    draft = office.town_draft()
    before = len(seen.whole(draft).rules)
    assert take(office, draft, listed(NEW)) == TakenIn(1, 0, 0)
    rules = seen.whole(draft).rules
    assert (len(rules), rules[-1].title, rules[-1].code) == (before + 1, "房前屋后种花", "rj-01")


def test_a_code_that_was_made_up_never_overwrites_an_item(office: Office) -> None:
    draft = office.town_draft()
    take(office, draft, listed(NEW))
    assert take(office, draft, listed(["人居环境", "植绿", "河边种树", "加2分/次"])) == TakenIn(1, 0, 0)
    assert [one.title for one in seen.whole(draft).rules[-2:]] == ["房前屋后种花", "河边种树"]


def test_an_edited_workbook_changes_and_takes_out_items_of_the_town(office: Office) -> None:
    draft = office.town_draft()
    found = rebuilt(office, draft, tidy=priced(draft, "tidy", 7), honour=None)
    assert take(office, draft, found, whole=True) == TakenIn(0, 1, 1)
    after = seen.whole(draft)
    assert after == found.rulebook
    assert take(office, draft, found, whole=True) == TakenIn(0, 0, 0)


def test_a_workbook_of_ours_keeps_a_main_class_that_no_item_is_in(office: Office) -> None:
    draft = office.town_draft()
    head = {**draft.head, "categories": [*draft.head["categories"], {"name": "平安建设", "summary": "待写"}]}
    drafts.save_settings(draft=draft, revision=0, head=head, by=office.zhou)
    take(office, draft, rebuilt(office, draft), whole=True)
    assert [one.name for one in seen.whole(draft).categories] == ["人居环境", "平安建设"]


def test_a_file_taken_in_has_to_be_checked_anew_and_is_on_record(office: Office) -> None:
    draft = office.ready(office.town_draft())
    take(office, draft, listed(NEW))
    assert draft.state == DraftState.OPEN
    assert AuditRow.objects.filter(action="draft.import").count() == 1


def test_a_file_without_items_changes_nothing(office: Office) -> None:
    draft = office.town_draft()
    with pytest.raises(errors.ImportEmpty):
        take(office, draft, listed(["平安", "学习", "听课", "酌情加分"]))
    assert Draft.objects.get(pk=draft.pk).revision == draft.revision


def test_a_draft_that_was_given_up_takes_nothing_in(office: Office) -> None:
    draft = office.town_draft()
    drafts.discard(draft=draft, by=office.zhou)
    with pytest.raises(errors.DraftClosed):
        take(office, draft, listed(NEW))


def test_a_villages_workbook_becomes_its_changes_on_the_town(office: Office) -> None:
    draft = office.village_draft()
    found = rebuilt(office, draft, tidy=priced(draft, "tidy", 7), honour=None)
    assert take(office, draft, found, whole=True) == TakenIn(2, 0, 0)
    changes = seen.changes(draft).by_code()
    assert {code: change.kind for code, change in changes.items()} == {"tidy": "amend", "honour": "off"}
    assert take(office, draft, listed(NEW)) == TakenIn(1, 0, 0)
    assert seen.changes(draft).own[0].title == "房前屋后种花"


def test_what_only_the_town_may_change_is_told_and_left(office: Office) -> None:
    draft = office.village_draft()
    other = seen.whole(draft).rule("tidy").model_copy(update={"sensitive": True})
    told = take(office, draft, rebuilt(office, draft, tidy=other), whole=True)
    assert [problem.code for problem in told.problems] == ["tidy"]
    assert not seen.changes(draft).changes


def sent(rows: list[list[str]], **more: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("清单.xlsx", sheet(HEAD, *rows, title="正面清单")), **more}


def test_programs_look_first_and_take_in_after(office: Office) -> None:
    draft = office.town_draft()
    client = api_client(office.desk.cast.admin())
    address = f"/api/v1/rulebook-drafts/{draft.pk}/import/"
    rows = [NEW, ["人居环境", "植绿", "浇水", "视情况"], ["人居环境", "移风易俗", "红事简办", "加9分"]]
    looked = client.post(address, sent(rows, dry_run=True), format="multipart", HTTP_IDEMPOTENCY_KEY="look")
    assert (looked.status_code, looked.json()["added"]) == (200, None)
    assert [one["cell"] for one in looked.json()["problems"]] == ["D3"]
    assert [(one["code"], "填写项、条件" in one["text"]) for one in looked.json()["kept"]] == [("wedding", True)]
    taken = client.post(address, sent(rows), format="multipart", HTTP_IDEMPOTENCY_KEY="take")
    assert (taken.json()["added"], draft.items.filter(code="rj-01").exists()) == (1, True)


def test_programs_say_once_whether_a_sheet_gives_or_takes(office: Office) -> None:
    draft = office.town_draft()
    client, address = api_client(office.desk.cast.admin()), f"/api/v1/rulebook-drafts/{draft.pk}/import/"

    def call(key: str, **more: Any) -> Any:
        body = sheet(HEAD, ["人居环境", "植绿", "浇水", "3分"], title="细则")
        told = {"file": SimpleUploadedFile("清单.xlsx", body), "dry_run": True, **more}
        return client.post(address, told, format="multipart", HTTP_IDEMPOTENCY_KEY=key)

    assert call("ask").json()["unsigned"] == [{"sheet": "细则", "rows": 1}]
    answered = call("answer", signs='{"细则": "negative"}').json()
    assert [one["sign"] for one in answered["rules"]] == ["negative"] and not answered["unsigned"]
    assert call("foreign", signs='{"没有": "positive"}').json()["code"] == "sheet_not_asked"
    assert call("wrong", signs='{"细则": "plus"}').status_code == 422


def test_a_file_that_is_no_list_is_refused_with_its_code(office: Office) -> None:
    draft = office.town_draft()
    told = {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}
    answer = api_client(office.desk.cast.admin()).post(
        f"/api/v1/rulebook-drafts/{draft.pk}/import/", told, format="multipart", HTTP_IDEMPOTENCY_KEY="bad"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "file_unreadable")


TOWN = book(rule(code="a-1"), rule(code="a-2", title="巡逻", text="参加巡逻"))


@pytest.mark.parametrize(
    "made",
    [
        TOWN,
        book(rule(code="a-1", title="种树"), rule(code="a-2", title="巡逻", text="参加巡逻")),
        book(rule(code="a-1")),
        book(
            rule(code="a-1"),
            rule(code="a-2", title="巡逻", text="参加巡逻", active=False),
            rule(code="b-1", title="新"),
        ),
    ],
)
def test_the_derived_changes_make_the_same_items(made: Rulebook) -> None:
    changes, problems = derived.between(TOWN, made, whole=True)
    after = overlay.apply(TOWN, changes)
    assert not problems
    assert {one.code: one for one in after.rules if one.active} == {one.code: one for one in made.rules if one.active}
