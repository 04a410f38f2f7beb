"""Several people write one draft: autosave, removal and its undoing, order, settings, and who was quicker."""

from typing import Any

import pytest

from jifen.kernel.actors import Actor
from scoring import rulebook_errors as errors
from scoring.models import Draft, DraftItem
from scoring.selectors import drafts as seen
from scoring.services import drafts
from tests.scoring.desk import RULES, rule
from tests.scoring.rulebooks import Office
from tests.together import together


def _save(draft: Draft, code: str, revision: int, by: Actor, **change: Any) -> DraftItem:
    body = {**draft.items.get(code=code).body, **change}
    return drafts.save_item(draft=draft, code=code, revision=revision, body=body, by=by)


def test_a_draft_begins_with_what_is_in_force(office: Office) -> None:
    draft = office.town_draft()
    assert [line.code for line in seen.lines(draft)] == [one["code"] for one in RULES]
    assert seen.difference(draft) == ()


def test_a_draft_can_begin_with_a_template_or_with_nothing(office: Office) -> None:
    empty = office.town_draft("empty")
    assert seen.lines(empty) == []
    drafts.discard(draft=empty, by=office.zhou)
    begun = office.town_draft("template:seed_002")
    assert begun.origin_code == "seed_002" and begun.items.count() > 30


def test_there_is_one_draft_at_a_time(office: Office) -> None:
    office.town_draft()
    with pytest.raises(errors.DraftUnderWay, match="周主任"):
        office.town_draft()
    assert Draft.objects.count() == 1


def test_whoever_saves_second_sees_who_was_first_and_what_she_wrote(office: Office) -> None:
    draft = office.town_draft()
    _save(draft, "tidy", 1, office.zhou, title="庭院干净")
    with pytest.raises(errors.ItemChanged) as refused:
        _save(draft, "tidy", 1, office.wang, title="院子")
    told = refused.value.data
    assert (told["name"], told["revision"], told["body"]["title"]) == ("周主任", 2, "庭院干净")
    assert draft.items.get(code="tidy").body["title"] == "庭院干净"


def test_two_who_save_at_once_are_told_apart(committing_office: Office) -> None:
    draft = committing_office.town_draft()
    acts = [lambda name=name: _save(draft, "tidy", 1, committing_office.zhou, title=name) for name in ("甲", "乙")]
    results = together(*acts)
    assert sorted(type(one).__name__ for one in results) == ["DraftItem", "ItemChanged"]
    [won] = [one for one in results if isinstance(one, DraftItem)]
    assert draft.items.get(code="tidy").body["title"] == won.body["title"]


def test_two_who_save_different_items_do_not_disturb_each_other(committing_office: Office) -> None:
    draft = committing_office.town_draft()
    results = together(
        lambda: _save(draft, "tidy", 1, committing_office.zhou, title="甲"),
        lambda: _save(draft, "help", 1, committing_office.zhou, title="乙"),
    )
    assert [one.revision for one in results] == [2, 2]
    assert Draft.objects.get(pk=draft.pk).revision == 2


def test_saving_what_is_there_already_changes_nothing(office: Office) -> None:
    draft = office.town_draft()
    item = draft.items.get(code="tidy")
    same = drafts.save_item(draft=draft, code="tidy", revision=1, body=item.body, by=office.zhou)
    assert same.revision == 1 and Draft.objects.get().revision == 0


def test_an_unfinished_item_is_kept_and_says_what_is_missing(office: Office) -> None:
    draft = office.town_draft()
    made = drafts.add_item(draft=draft, body={"title": "新条目", "sign": "positive"}, by=office.zhou)
    assert made.code == "item-1"
    [line] = [one for one in seen.lines(draft) if one.code == "item-1"]
    assert line.rule is None and "分值没有填" in line.problems
    with pytest.raises(errors.DraftUnfinished, match="新条目"):
        seen.whole(draft)


def test_an_item_without_a_source_is_the_towns_own_and_keeps_the_one_that_it_has(office: Office) -> None:
    draft = office.town_draft()
    body = {name: value for name, value in rule("", "晒谷互助", 2).items() if name not in ("code", "source")}
    made = drafts.add_item(draft=draft, body=body, by=office.zhou)
    assert seen.whole(draft).rule(made.code).source.section == "本镇自定"
    tidy = {name: value for name, value in draft.items.get(code="tidy").body.items() if name != "source"}
    drafts.save_item(draft=draft, code="tidy", revision=1, body={**tidy, "title": "净院"}, by=office.zhou)
    assert seen.whole(draft).rule("tidy").source.section == "样例"


def test_an_item_that_comes_back_brings_its_main_class(office: Office) -> None:
    draft = office.town_draft()
    body = rule("calm", "平安户", 2, category="平安建设")
    drafts.save_settings(draft=draft, revision=0, head={"categories": [{"name": "人居环境"}, {"name": "平安建设"}]},
                         by=office.zhou)  # fmt: skip
    drafts.add_item(draft=draft, body=body, by=office.zhou)
    drafts.remove_item(draft=draft, code="calm", revision=1, by=office.zhou)
    drafts.save_settings(draft=draft, revision=1, head={"categories": [{"name": "人居环境"}]}, by=office.zhou)
    drafts.restore_item(draft=draft, code="calm", revision=2, by=office.zhou)
    whole = seen.whole(Draft.objects.get(pk=draft.pk))
    assert [one.name for one in whole.categories] == ["人居环境", "平安建设"]
    assert whole.rule("calm").title == "平安户"


def test_an_item_without_a_name_is_called_by_its_deed_or_class(office: Office) -> None:
    draft = office.town_draft()
    drafts.add_item(draft=draft, body={"sign": "positive", "category": "人居环境"}, by=office.zhou)
    drafts.add_item(draft=draft, body={"sign": "positive", "text": "帮五保户晒谷子"}, by=office.zhou)
    told = "".join(one.text for one in seen.problems(draft))
    assert "“还没有名称的一条（人居环境）”" in told and "“帮五保户晒谷子”" in told and "item-" not in told


def test_a_removed_item_can_be_put_back_as_it_was(office: Office) -> None:
    draft = office.town_draft()
    gone = drafts.remove_item(draft=draft, code="help", revision=1, by=office.zhou)
    assert [one.code for one in seen.removed(draft)] == ["help"]
    assert [one.kind for one in seen.difference(draft)] == ["removed"]
    drafts.restore_item(draft=draft, code="help", revision=gone.revision, by=office.zhou)
    assert seen.difference(draft) == ()


def test_an_item_moves_without_disturbing_who_edits_it(office: Office) -> None:
    draft = office.town_draft()
    drafts.move_item(draft=draft, code="litter", before="help", by=office.zhou)
    assert [line.code for line in seen.lines(draft)][:3] == ["tidy", "litter", "help"]
    drafts.move_item(draft=draft, code="tidy", before=None, by=office.zhou)
    assert [line.code for line in seen.lines(draft)][-1] == "tidy"
    assert draft.items.get(code="tidy").revision == 1


def test_an_item_is_switched_off_and_on(office: Office) -> None:
    draft = office.town_draft()
    off = drafts.switch_item(draft=draft, code="tidy", revision=1, on=False, by=office.zhou)
    assert [one.text for one in seen.difference(draft)] == ["停用“庭院整洁”。"]
    drafts.switch_item(draft=draft, code="tidy", revision=off.revision, on=True, by=office.zhou)
    assert seen.difference(draft) == ()


def test_a_village_does_without_an_item_and_takes_it_back(office: Office) -> None:
    draft = office.village_draft()
    off = drafts.switch_item(draft=draft, code="tidy", revision=None, on=False, by=office.wang)
    assert {line.code: line.kind for line in seen.lines(draft)}["tidy"] == "off"
    drafts.switch_item(draft=draft, code="tidy", revision=off.revision, on=True, by=office.wang)
    assert {line.kind for line in seen.lines(draft)} == {"town"}


def test_a_village_changes_and_adds_on_top_of_the_town(office: Office) -> None:
    draft = office.village_draft()
    office.amend(draft, points=4)
    office.add(draft)
    kinds = {line.code: line.kind for line in seen.lines(draft)}
    assert (kinds["tidy"], kinds["own-1"], kinds["help"]) == ("amend", "add", "town")
    texts = [one.text for one in seen.difference(draft)]
    assert texts == ["“庭院整洁”：分值原来+2分，现在+4分。", "新增“晒谷互助”：+2分。"]


def test_a_village_cannot_change_what_the_town_does_not_have(office: Office) -> None:
    draft = office.village_draft()
    with pytest.raises(errors.ChangeForeign):
        office.amend(draft, code="nothing")
    assert draft.items.count() == 0


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        ("Tidy!", {}, errors.ItemCodeWrong),
        ("tidy", {}, errors.ItemTaken),
        ("long", {"text": "字" * 31_000}, errors.ItemWrong),
        ("nul", {"text": "a\0b"}, errors.ItemWrong),
    ],
)
def test_what_cannot_be_kept_is_refused(office: Office, code: str, body: dict[str, Any], error: Any) -> None:
    draft = office.town_draft()
    with pytest.raises(error):
        drafts.add_item(draft=draft, code=code, body=body, by=office.zhou)
    assert Draft.objects.get().revision == 0 and draft.items.count() == len(RULES)


def test_settings_are_saved_by_their_own_revision(office: Office) -> None:
    draft = office.town_draft()
    head = {"categories": [{"name": "人居环境"}, {"name": "乡风文明"}]}
    drafts.save_settings(draft=draft, revision=0, head=head, title="修订稿", by=office.zhou)
    with pytest.raises(errors.HeadChanged, match="周主任"):
        drafts.save_settings(draft=draft, revision=0, title="我的", by=office.wang)
    assert Draft.objects.get().title == "修订稿"
    assert [one.text for one in seen.difference(draft)] == ["新增大类“乡风文明”。"]


def test_only_the_town_says_what_villages_may_change(office: Office) -> None:
    with pytest.raises(errors.BoundsOfVillage):
        drafts.save_settings(draft=office.village_draft(), revision=0, bounds={}, by=office.wang)
    town = office.town_draft()
    with pytest.raises(errors.BoundsWrong, match="“庭院整洁”最少分值高于最多分值"):
        drafts.save_settings(
            draft=town, revision=0, bounds={"items": [{"code": "tidy", "least": 9, "most": 1}]}, by=office.zhou
        )
    with pytest.raises(errors.HeadWrong):
        drafts.save_settings(draft=town, revision=0, head={"categories": "x"}, by=office.zhou)


def test_what_is_said_of_an_item_that_is_taken_out_goes_with_it(office: Office) -> None:
    town = office.town_draft()
    limits = {"items": [{"code": "help", "most": 9}, {"code": "tidy", "most": 5}]}
    drafts.save_settings(draft=town, revision=0, bounds=limits, by=office.zhou)
    gone = drafts.remove_item(draft=town, code="help", revision=1, by=office.zhou)
    assert [one.code for one in seen.bounds(town).items] == ["tidy"] and seen.problems(town) == []
    told = [line.text for line in seen.difference(town) if line.text.startswith("村里能改什么")]
    assert told == ["村里能改什么：“庭院整洁”原来不设限，现在分值0至5分。"]
    drafts.restore_item(draft=town, code="help", revision=gone.revision, by=office.zhou)
    assert [one.code for one in seen.bounds(town).items] == ["help", "tidy"]


def test_a_given_up_draft_is_over(office: Office) -> None:
    draft = office.town_draft()
    drafts.discard(draft=draft, by=office.zhou)
    with pytest.raises(errors.DraftClosed):
        drafts.add_item(draft=draft, body=rule("late", "晚了", 1), by=office.zhou)
    assert draft.items.count() == len(RULES)
