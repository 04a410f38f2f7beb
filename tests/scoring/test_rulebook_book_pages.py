"""What is said of a whole draft on pages: what holds for all items, what villages may change, the six steps."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring.models import Draft, DraftFinding
from scoring.rules.spec import Settings
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books
from scoring.services import draft_checks, draft_mends, drafts
from tests.files.scenes import scene
from tests.scoring.desk import NOW, rule
from tests.scoring.page_forms import form_on
from tests.scoring.rulebooks import AFTER, LATER, Office

Browser = Callable[..., Any]


def at(name: str, draft: Draft, *more: Any, area: str = "office") -> str:
    return reverse(f"scoring:{area}_{name}", args=[draft.pk, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def now(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def settings_form(browser: Any, draft: Draft) -> dict[str, Any]:
    return form_on(text(browser.get(at("draft_settings", draft))), "settings-form")


def test_saving_the_settings_without_a_change_leaves_the_rulebook_as_it_is(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    before = seen.whole(draft)
    page = text(browser.post(at("draft_settings", draft), settings_form(browser, draft), follow=True))
    assert "已保存" in page and seen.whole(now(draft)) == before


def test_the_town_says_what_holds_for_all_items(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    form = settings_form(browser, draft) | {
        "base-when": "year", "base-points": "100", "base-pro_rata": "months", "base-member": "5",
        "base-party_member": "8", "redeem_above_base": "on", "merit-ceiling": "500", "redeemable-negative": "zero",
        "class-name": "善行分", "class-weight": "1.5",
        "class-months": "12", "pool-name": "集体收益", "pool-measure": "redeemable", "pool-places": "0",
        "pool-rounding": "nearest", "base-steward": "3", "cells-name": "十户联组", "cells-size": "12",
        "shared-of": "人居环境", "shared-value": "30", "title": "树人镇积分细则",
    }  # fmt: skip
    browser.post(at("draft_settings", draft), form)
    draft = now(draft)
    made = Settings.model_validate(draft.head["settings"])
    assert made.base[0].points == 100 and made.base[0].pro_rata == "months"
    assert {one.name: int(one.points) for one in made.base[0].members} == {"党员": 8, "积分管理员": 3, "其他家人": 5}
    assert made.redeem_above_base and made.merit.ceiling == 500 and made.redeemable.negative == "zero"
    assert (made.classes[0].name, made.classes[0].expires and made.classes[0].expires.months) == ("善行分", 12)
    assert made.cells is not None and made.cells.size == 12 and made.pools[0].name == "集体收益"
    assert (made.pools[0].measure, made.pools[0].places, made.pools[0].rounding) == ("redeemable", 0, "nearest")
    assert draft.head["categories"][0]["limits"][0]["value"] == "30" and draft.title == "树人镇积分细则"
    page = text(browser.get(at("draft_settings", draft)))
    assert "善行分" in page and 'value="100"' in page


def test_member_types_without_a_blank_stay_and_keep_their_place(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    members = [
        {"member": "student", "name": "在校学生", "points": "3"}, {"member": "elder", "name": "寿星", "points": "4"},
        {"member": "child", "name": "儿童", "points": "1"},
    ]  # fmt: skip
    draft.head = draft.head | {"settings": {"base": [{"when": "month", "points": "2", "members": members}]}}
    draft.save(update_fields=["head"])
    form = settings_form(browser, draft)
    assert form["base-elder"] == ["4", ""]
    form |= {"base-elder": ["6", ""], "base-child": ["", ""], "base-party_member": ["9", ""]}
    assert "已保存" in text(browser.post(at("draft_settings", draft), form, follow=True))
    made = Settings.model_validate(now(draft).head["settings"]).base[0].members
    assert [f"{one.name}{one.points}" for one in made] == ["在校学生3", "寿星6", "党员9"]


@pytest.mark.parametrize(
    ("sent", "told"), [
        ({"merit-floor": "10", "merit-ceiling": "5"}, "评比积分：最低10分高于最高5分"),
        ({"merit-ceiling": "很多"}, "不是数字"),
        ({"base-points": "-1"}, "基础分"),
        ({"pool-name": "集体收益", "pool-rounding": "nearest", "pool-residue": "largest"}, "要选“舍去”"),
        ({"title": ""}, "名称要写"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_and_stay_on_the_page(
    office: Office, client_for: Browser, sent: dict[str, str], told: str
) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    answer = browser.post(at("draft_settings", draft), settings_form(browser, draft) | sent)
    assert answer.status_code == 422 and told in text(answer) and now(draft).revision == draft.revision


def test_the_slower_of_two_sees_the_others_settings(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    mine = settings_form(browser, draft)
    browser.post(at("draft_settings", draft), mine | {"title": "先改的名称"})
    page = text(browser.post(at("draft_settings", draft), mine | {"title": "后改的名称"}, follow=True))
    assert "已经改过通用约定" in page and "先改的名称" in page and now(draft).title == "先改的名称"


def test_the_town_bounds_what_villages_change(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    form = form_on(text(browser.get(at("draft_bounds", draft))), "bounds-form")
    place = {code: number for number, code in enumerate(form["bound-code"])}
    form["bound-mode"][place["litter"]] = "locked"
    form["bound-most"][place["tidy"]] = "5"
    form |= {"slots-number": ["3"], "slots-points": ["10"], "amended_most": ["20"]}
    assert "已保存" in text(browser.post(at("draft_bounds", draft), form, follow=True))
    bounds = seen.bounds(now(draft))
    assert {one.code: (one.locked, one.most) for one in bounds.items} == {"litter": (True, None), "tidy": (False, 5)}
    assert bounds.slots.number == 3 and bounds.slots.points == 10 and bounds.amended_most == 20
    assert "村里能改什么：“乱扔垃圾”原来不设限，现在不能改、不能停用。" in text(browser.get(at("draft", draft)))
    again = form_on(text(browser.get(at("draft_bounds", draft))), "bounds-form")
    assert again["bound-mode"][place["litter"]] == "locked" and again["slots-number"] == ["3"]


def test_bounds_that_cannot_be_are_refused(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    form = form_on(text(browser.get(at("draft_bounds", draft))), "bounds-form")
    form["bound-least"][0], form["bound-most"][0] = "9", "2"
    answer = browser.post(at("draft_bounds", draft), form)
    assert answer.status_code == 422 and "最少分值高于最多分值" in text(answer) and now(draft).bounds == draft.bounds


@pytest.mark.parametrize(
    ("blanks", "told"),
    [
        ({"bound-least": "9", "bound-most": "1"}, "“庭院整洁”最少分值高于最多分值"),
        ({"bound-least": "5", "bound-most": "8"}, "“庭院整洁”现在是+2分，不在给村里规定的范围里（5至8分）"),
        ({"bound-most": "-1"}, "“庭院整洁”分值最多几分要大于0"),
        ({"bound-cap_most": "多"}, "“庭院整洁”上限不超过多少：“多”不是数字"),
        ({"amended_most": "-1"}, "每村最多改几条不能是负数"),
        ({"slots-number": "-1"}, "村里最多加几条不能是负数"),
        ({"slots-number": "两"}, "村里最多加几条要写整数"),
    ],
)
def test_a_wrong_bound_names_its_item_and_blank(
    office: Office, client_for: Browser, blanks: dict[str, str], told: str
) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    form: dict[str, Any] = form_on(text(browser.get(at("draft_bounds", draft))), "bounds-form")
    place = form["bound-code"].index("tidy")
    for name, value in blanks.items():
        form[name] = [*form[name][:place], value, *form[name][place + 1 :]] if name.startswith("bound") else value
    answer = browser.post(at("draft_bounds", draft), form)
    assert answer.status_code == 422 and now(draft).bounds == draft.bounds
    assert f"村里能改什么写得不对：{told}" in text(answer)


def test_a_village_has_no_bounds_to_set(office: Office, client_for: Browser) -> None:
    draft = office.town_draft()
    assert client_for(office.desk.steward).get(at("draft_bounds", draft)).status_code == 403


def test_a_village_marks_what_enters_its_charter(office: Office, client_for: Browser) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    here = at("draft_settings", draft, area="village")
    form = form_on(text(browser.get(here)), "settings-form")
    browser.post(here, form | {"is_charter": "on"})
    assert now(draft).is_charter
    office.amend(draft)
    office.ready(now(draft))
    page = text(browser.get(at("way", draft, area="village")))
    assert 'value="assembly" selected' in page


def test_the_six_steps_are_written_down_in_order(office: Office, client_for: Browser) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    office.amend(draft)
    office.ready(draft)
    here = at("step", draft, "deliberate", area="village")
    paper = SimpleUploadedFile("提议.jpg", scene(1), "image/jpeg")
    form = {"step": "party", "held_on": f"{NOW}", "note": "支部书记主持"}
    assert "已记下：村党组织提议" in text(browser.post(here, form | {"paper": paper}, follow=True))
    assert draft.deliberations.get().paper is not None
    early = {"step": "committees", "held_on": f"{NOW - timedelta(days=9)}"}
    page = text(browser.post(here, early, follow=True))
    assert draft.deliberations.count() == 1 and "支部书记主持" in page
    assert "已免试算（王管理）" in page and "已试算" not in page
    office.resolve(draft)
    voted = text(browser.get(at("way", draft, area="village")))
    assert (
        "赞成25，表决通过" in voted and 'value="representatives"' not in voted.split("记下一步")[1].split("</form>")[0]
    )
    assert "里没有这一项" in text(browser.post(here, form, follow=True))


def test_a_draft_moves_to_the_towns_newest_version(office: Office, client_for: Browser) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    office.amend(draft, points=3)
    office.town_version(points=5)
    assert "移到新的一版上" in text(browser.get(at("draft", draft, area="village")))
    here = reverse("scoring:village_draft_rebase", args=[draft.pk])
    assert "两边都改了" in text(browser.get(here))
    browser.post(here)
    assert now(draft).base_id == draft.base_id
    assert "已移到镇里最新的一版上" in text(browser.post(here, {"choice-tidy": "own"}, follow=True))
    newest = books.newest(None, NOW)
    assert newest is not None and now(draft).base_id == newest.pk


def test_a_version_with_an_end_is_extended(office: Office, client_for: Browser) -> None:
    version = office.town_version(until=AFTER, points=4)
    browser = client_for(office.desk.cast.admin())
    assert "延长有效期" in text(browser.get(reverse("scoring:office_version", args=[version.pk])))
    here, last = reverse("scoring:office_version_extend", args=[version.pk]), AFTER + timedelta(days=90)
    assert "延长到哪一天" in text(browser.post(here, {"last_day": "2026-02-31"}, follow=True))
    page = text(browser.post(here, {"last_day": f"{last}", "resolution": "镇政发〔2026〕9号"}, follow=True))
    version.refresh_from_db()
    assert "已延期" in page and version.effective_to == last + timedelta(days=1) and version.effective_from == LATER


def twice(office: Office) -> tuple[Draft, DraftFinding]:
    """A draft in which one item has no cap, and what the check says about it."""
    draft = office.town_draft()
    item = draft.items.get(code="tidy")
    unit = {"kind": "per_unit", "points": "1", "unit": "袋"}
    body = rule("tidy", "捡拾垃圾", 1) | {"amount": unit, "limits": [], "matter": "清洁", "category": "人居环境"}
    drafts.save_item(draft=draft, code="tidy", revision=item.revision, body={**item.body, **body}, by=office.zhou)
    draft = draft_checks.check(draft=now(draft), by=office.zhou)
    return draft, draft.findings.filter(kind="no_ceiling", codes=["tidy"]).get()


def test_a_proposal_is_carried_out_with_one_button(office: Office, client_for: Browser) -> None:
    draft, finding = twice(office)
    browser = client_for(office.desk.cast.admin())
    assert "照此改好" in text(browser.get(at("way", draft)))
    page = text(browser.post(at("step", draft, "mend"), {"finding": finding.pk}, follow=True))
    assert "已照建议改好" in page and draft.items.get(code="tidy").body["limits"]
    assert not now(draft).findings.filter(kind="no_ceiling", codes=["tidy"]).exists()


def test_a_proposal_on_a_draft_that_changed_is_refused(office: Office, client_for: Browser) -> None:
    draft, finding = twice(office)
    office.price(draft, code="help", points=9)
    before = draft.items.get(code="tidy").body
    browser = client_for(office.desk.cast.admin())
    page = text(browser.post(at("step", draft, "mend"), {"finding": finding.pk}, follow=True))
    assert "message" in page and draft.items.get(code="tidy").body == before


def test_a_village_mends_a_towns_item_by_its_own_change(office: Office) -> None:
    draft = office.village_draft()
    office.amend(draft, "tidy", amount={"kind": "per_unit", "points": "1", "unit": "袋"}, limits=[])
    draft = draft_checks.check(draft=now(draft), by=office.wang)
    finding = draft.findings.get(kind="no_ceiling", codes=["tidy"])
    draft_mends.mend(draft=draft, finding=finding.pk, by=office.wang)
    assert draft.items.get(code="tidy").body["values"]["limits"]
