"""A code carries an item's deeds and caps from version to version: another item never gets it."""

from typing import Any

import pytest

from jifen.kernel.actors import SYSTEM
from scoring.models import Draft
from scoring.rules import library, workbook
from scoring.selectors import codes
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books
from scoring.services import draft_imports, drafts, rulebooks, versions
from tests.scoring.desk import DAY, NOW
from tests.scoring.desk import rule as body
from tests.scoring.rulebooks import AFTER, LATER, Office
from tests.scoring.rules.annexes import HEAD, sheet

FLOWERS = ["人居环境", "植绿", "房前屋后种花", "加1分/次"]
TREES = ["人居环境", "植绿", "河边种树", "加2分/次"]


def take(draft: Draft, *rows: list[str], by: Any, whole: bool = False) -> None:
    found = workbook.read(sheet(HEAD, *rows, title="正面清单"), "清单.xlsx")
    draft_imports.take_in(draft=draft, imported=found, whole=whole, by=by)


def enacted(office: Office, draft: Draft, **more: Any) -> None:
    office.ready(draft)
    versions.approve(version=office.submit(draft, **more), by=SYSTEM)


def code_of(draft: Draft, title: str) -> str:
    return next(rule.code for rule in seen.whole(draft).rules if rule.title == title)


def test_an_item_taken_in_after_another_was_given_up_is_a_new_one(office: Office) -> None:
    first = office.town_draft()
    take(first, FLOWERS, by=office.zhou)
    assert code_of(first, "房前屋后种花") == "rj-01"
    enacted(office, first)
    second = office.town_draft("empty")
    take(second, TREES, by=office.zhou, whole=True)
    assert code_of(second, "河边种树") == "rj-02"


def test_an_item_written_on_a_blank_draft_is_a_new_one(office: Office) -> None:
    first = office.town_draft()
    made = drafts.add_item(draft=first, body=body("", "晒谷互助", 2) | {"code": ""}, by=office.zhou)
    assert made.code == "item-1"
    enacted(office, first)
    second = office.town_draft()
    drafts.remove_item(draft=second, code="item-1", revision=1, by=office.zhou)
    enacted(office, second, day=AFTER)
    third = office.town_draft("empty")
    assert drafts.add_item(draft=third, body={"sign": "positive"}, by=office.zhou).code == "item-2"


def test_a_group_taken_in_is_none_of_the_towns(office: Office) -> None:
    first, told = office.town_draft(), {"group": {"code": "group-1"}}
    for name in ("tidy", "help"):
        held = first.items.get(code=name)
        drafts.save_item(draft=first, code=name, revision=held.revision, body={**held.body, **told}, by=office.zhou)
    whole = seen.whole(first)
    alien = tuple(whole.rules[0].model_copy(update={"code": f"x-{n}", "title": f"评比{n}", "text": f"评比{n}"})
                  for n in range(2))  # fmt: skip
    made = workbook.read(workbook.write(whole.model_copy(update={"rules": alien})), "邻镇.xlsx")
    draft_imports.take_in(draft=first, imported=made, whole=False, by=office.zhou)
    groups = {rule.code: rule.group.code for rule in seen.whole(first).rules if rule.group}
    assert groups == {"tidy": "group-1", "help": "group-1", "x-0": "group-02", "x-1": "group-02"}


def test_the_town_leaves_the_codes_of_a_villages_own_items(office: Office) -> None:
    own = office.village_draft()
    take(own, TREES, by=office.wang)
    draft = office.town_draft()
    take(draft, FLOWERS, by=office.zhou)
    assert (seen.changes(own).own[0].code, code_of(draft, "房前屋后种花")) == ("rj-01", "rj-02")


def test_a_village_lists_an_item_of_its_town_and_changes_that(office: Office) -> None:
    own = office.village_draft()
    take(own, ["人居环境", "日常", "庭院整洁", "加5分/次"], by=office.wang)
    assert [(one.code, one.kind) for one in seen.changes(own).changes] == [("tidy", "amend")]


@pytest.mark.parametrize(("held", "taken"), [("seed_001", "seed_003"), ("seed_003", "seed_001")])
def test_a_template_over_another_takes_none_of_its_codes(office: Office, held: str, taken: str) -> None:
    rulebooks.install(scheme=library.load(held), effective_from=DAY, resolution="修订", by=SYSTEM)
    before = {rule.code for rule in library.load(held).rulebook.rules}
    assert before & {rule.code for rule in library.load(taken).rulebook.rules}
    draft = office.town_draft(f"template:{taken}")
    assert not before & {rule.code for rule in seen.whole(draft).rules}
    assert "改名为" not in "".join(line.text for line in seen.difference(draft))


def test_a_template_that_says_the_same_items_keeps_them(office: Office) -> None:
    rulebooks.install(scheme=library.load("seed_003"), effective_from=DAY, resolution="修订", by=SYSTEM)
    draft = office.town_draft("template:seed_000_003")
    held = {rule.code for rule in library.load("seed_003").rulebook.rules}
    assert held <= {rule.code for rule in seen.whole(draft).rules}


def test_a_template_over_its_earlier_self_keeps_what_the_town_renamed(office: Office) -> None:
    scheme = library.load("seed_003")
    rulebooks.install(scheme=scheme, effective_from=DAY, resolution="修订", by=SYSTEM)
    new = {"title": "扫院子", "text": "把院子扫一扫"}
    rules = tuple(one.model_copy(update=new if one.code == "hj-01" else {}) for one in scheme.rulebook.rules)
    town = scheme.model_copy(update={"rulebook": scheme.rulebook.model_copy(update={"rules": rules})})
    rulebooks.install(scheme=town, effective_from=LATER, resolution="修订", by=SYSTEM)
    again = office.town_draft("template:seed_003")
    assert seen.whole(again).rules == scheme.rulebook.rules


def test_a_workbook_of_another_town_brings_no_item_of_this_one(office: Office) -> None:
    now = books.current(None, NOW)
    assert now is not None
    mine = books.whole(now)
    theirs = mine.model_copy(
        update={"rules": tuple(one.model_copy(update={"title": f"邻镇{n}", "text": f"邻镇的第{n}件事"})
                               for n, one in enumerate(mine.rules))}
    )  # fmt: skip
    draft = office.town_draft()
    there = codes.used()
    draft_imports.take_in(
        draft=draft, imported=workbook.read(workbook.write(theirs), "邻镇.xlsx"), whole=True, by=office.zhou
    )
    assert not there & {rule.code for rule in seen.whole(draft).rules}
