"""The panel beside an item: it asks for every figure that the item counts, and says truly what is saved."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from scoring.models import Draft
from scoring.services import drafts
from tests.scoring.rulebooks import Office
from tests.scoring.test_rulebook_pages import HX, admin, at, item, sent, text

Browser = Callable[..., Any]
FORMULA = {"kind": "formula", "formula": "mul(quantity, 3)", "words": "数量乘3"}
WHEN = [{"when": "quantity >= 5", "message": "满5次才计"}]


def told(page: str) -> str:
    """What the panel answers, without marks."""
    answer = re.sub(r"<[^>]+>", " ", page.split('id="try-answer"')[1].split(">", 1)[1])
    return re.sub(r"\s+", " ", answer).strip()


def written(office: Office, **more: Any) -> Draft:
    """A draft whose item ``tidy`` says ``more``."""
    draft = office.town_draft()
    held = item(draft)
    held.body = held.body | more
    held.save(update_fields=["body"])
    return draft


def test_a_formula_on_the_quantity_is_tried(office: Office, client_for: Browser) -> None:
    browser, draft = admin(office, client_for), written(office, amount=FORMULA)
    page = text(browser.get(at("item_try", draft, "tidy")))
    assert 'id="try-quantity"' in page and "+30" in told(page)
    assert "+21" in told(text(browser.get(at("item_try", draft, "tidy"), {"quantity": "7"})))


def test_a_condition_on_the_quantity_is_tried(office: Office, client_for: Browser) -> None:
    browser, draft = admin(office, client_for), written(office, conditions=WHEN)
    assert "+2" in told(text(browser.get(at("item_try", draft, "tidy"), {"quantity": "5"})))
    assert "满5次才计" in told(text(browser.get(at("item_try", draft, "tidy"), {"quantity": "4"})))


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"rating": {"parts": [{"who": "panel", "weight": 1, "least": 2}]}, "amount": FORMULA | {"most": 500}}, "+300"),
        ({"amount": {"kind": "range", "least": 1, "most": 5}, "catch_all": {"most": 5, "names_a_rule": True}}, "+5"),
    ],
)
def test_marks_and_what_a_deed_is_likened_to_are_asked(
    office: Office, client_for: Browser, more: dict[str, Any], answer: str
) -> None:
    found = told(text(admin(office, client_for).get(at("item_try", written(office, **more), "tidy"))))
    assert answer in found and "要人来定" not in found


@pytest.mark.parametrize(("sum_", "answer"), [("8万", "+2"), ("8万元", "+2"), ("9万", "彩礼不超过8万元")])
def test_a_sum_is_read_as_conditions_read_it(office: Office, client_for: Browser, sum_: str, answer: str) -> None:
    asked = [{"name": "gift", "label": "彩礼", "kind": "money", "required": True}]
    when = [{"when": "gift <= 80000", "message": "彩礼不超过8万元"}]
    draft = written(office, inputs=asked, conditions=when)
    assert answer in told(text(admin(office, client_for).get(at("item_try", draft, "tidy"), {"in-gift": sum_})))


def test_a_wrong_figure_is_called_by_its_name(office: Office, client_for: Browser) -> None:
    draft = written(office, amount=FORMULA)
    answer = told(text(admin(office, client_for).get(at("item_try", draft, "tidy"), {"quantity": "abc"})))
    assert answer.startswith("数量：“abc”不是数字") and "内容" not in answer


def test_what_is_kept_with_a_fault_is_not_called_done(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    page = text(browser.post(at("item", draft, "tidy"), sent(draft, **{"fixed-points": "abc"}), **HX))
    assert "几分：“abc”不是数字" in page and "已保存" not in page
    assert "填的内容留着，还有1处要改" in page and item(draft).body["amount"]["points"] == "abc"


def test_what_was_refused_is_said_to_be_not_saved(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), admin(office, client_for)
    form = sent(draft)
    drafts.discard(draft=draft, by=office.zhou)
    page = text(browser.post(at("item", draft, "tidy"), form | {"fixed-points": "7"}, **HX))
    assert "刚才的改动没有保存" in page and "已保存" not in page
    assert item(draft).body["amount"]["points"] != "7"


def tries(office: Office, client_for: Browser, draft: Draft, **told: str) -> list[str]:
    """The points of each try, as the panel says them."""
    page = text(admin(office, client_for).get(at("item_try", draft, "tidy"), told))
    one = page.split('id="try-answer"')[1].split('class="try-sum"')[0]
    return re.findall(
        r"[+−]?\d+(?:\.\d+)?", re.sub(r"<p>.*?</p>|<span class=\"try-no\">.*?</span>|<div[^>]*>", "", one)
    )


def test_the_first_deed_warns_and_the_second_takes(office: Office, client_for: Browser) -> None:
    fixed = {"kind": "fixed", "points": 2}
    draft = written(office, sign="negative", redeemable=True, amount=fixed, after_warning={"times": 1})
    assert tries(office, client_for, draft, times="2") == ["0", "−2"]


def test_the_caps_of_the_main_class_hold_in_the_panel(office: Office, client_for: Browser) -> None:
    draft = written(office, amount={"kind": "fixed", "points": "19.2"}, fractions={"places": 1})
    cap = {"kind": "points", "value": "25", "period": "month"}
    draft.head = draft.head | {"categories": [{"name": "人居环境", "limits": [cap]}]}
    draft.save(update_fields=["head"])
    assert tries(office, client_for, draft, times="2") == ["+19.2", "+5.8"]
    assert tries(office, client_for, draft, before="trees", **{"before-points": "20"}) == ["+5"]


def test_an_unfinished_neighbour_leaves_the_caps_in_the_panel(office: Office, client_for: Browser) -> None:
    draft = written(office, amount={"kind": "fixed", "points": 19})
    cap = {"kind": "points", "value": "25", "period": "month"}
    draft.head = draft.head | {"categories": [{"name": "人居环境", "limits": [cap]}]}
    draft.save(update_fields=["head"])
    trees = item(draft, "trees")
    trees.body = trees.body | {"amount": {"kind": "fixed", "points": "abc"}}
    trees.save(update_fields=["body"])
    assert tries(office, client_for, draft, times="2") == ["+19", "+6"]


def test_who_acted_and_how_many_live_there_is_asked(office: Office, client_for: Browser) -> None:
    roles = [{"role": "party_member", "name": "党员", "factor": "1.5"}]
    draft = written(office, amount={"kind": "fixed", "points": 4}, multipliers={"roles": roles})
    assert tries(office, client_for, draft) == ["+4"]
    assert tries(office, client_for, draft, role="party_member") == ["+6"]
    held = item(draft)
    held.body = held.body | {"multipliers": None, "heads": "times"}
    held.save(update_fields=["body"])
    assert tries(office, client_for, draft, heads="5") == ["+20"]


def test_months_running_bring_the_bonus_in_the_panel(office: Office, client_for: Browser) -> None:
    draft = written(office, streak={"length": 3, "period": "month", "bonus": 5})
    assert tries(office, client_for, draft, times="3", date="2026-01-31") == ["+2", "+2", "+7"]
    assert tries(office, client_for, draft, times="3", date="2026-01-31", gap="same") == ["+2", "+2", "+2"]
    assert tries(office, client_for, draft, date="2026-01-31", days="2026-02-10 2026-04-01") == ["+2", "+2", "+2"]


def test_what_is_repaired_was_taken_before(office: Office, client_for: Browser) -> None:
    draft = written(office, amount={"kind": "fixed", "points": 10}, repair={"rules": ["litter"], "share": "0.5"})
    assert tries(office, client_for, draft, **{"before-points": "6"}) == ["+3"]
    assert tries(office, client_for, draft, before="") == ["0"]


def test_another_item_that_counts_the_same_day_shuts_the_try_out(office: Office, client_for: Browser) -> None:
    draft = written(office, not_with={"rules": ["trees"]})
    assert tries(office, client_for, draft) == ["+2"]
    assert tries(office, client_for, draft, before="trees") == ["0"]


def test_a_real_deed_is_tried_in_its_whole_book(office: Office, client_for: Browser) -> None:
    office.desk.record("trees", facts={"quantity": "8"})
    deed = office.desk.record("tidy")
    draft = written(office, amount={"kind": "fixed", "points": 5})
    cap = {"kind": "points", "value": "25", "period": "month"}
    draft.head = draft.head | {"categories": [{"name": "人居环境", "limits": [cap]}]}
    draft.save(update_fields=["head"])
    answer = told(text(admin(office, client_for).get(at("item_try", draft, "tidy"), {"deed": str(deed.pk)})))
    assert answer.startswith("照这份修订稿 +1") and "上限25分" in answer
