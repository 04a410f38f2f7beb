"""What holds for a whole rulebook stands on the pages on which people read it, in the words of the printed one."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from scoring.models import Rule
from scoring.rules import diffs, phrases, printing
from scoring.rules.spec import Rulebook, RuleSpec
from scoring.selectors import rulebooks as books
from tests.clients import PageClient
from tests.scoring import wide
from tests.scoring.desk import NOW, Desk, rule
from tests.scoring.test_rulebook_book_pages import text

Browser = Callable[..., PageClient]
SETTINGS = {
    "limits": [{"kind": "points", "value": "10", "period": "month", "rules": ["blood", "money"]}],
    "base": [{"when": "year", "points": "60", "redeemable": True}],
    "redeem_above_base": True,
    "merit": {"negative": "carried"},
}
ITEMS = [rule("blood", "献血", 3, number="45"), rule("money", "捐款", 2, number="46")]
WORDS = (
    "“献血”（45）、“捐款”（46）加分合计每户每月最多10分", "基础分：每年每户60分，可以兑换",
    "基础分以上的部分才可以兑换", "年终还是负分的，从下一年积分里扣",
)  # fmt: skip


@pytest.fixture
def told(desk: Desk) -> Desk:
    wide.install(desk, more=ITEMS, settings=SETTINGS)
    return desk


def test_every_reader_of_the_rulebook_sees_what_holds_for_all_of_it(told: Desk, client_for: Browser) -> None:
    villager = told.cast.villager(told.zhang)
    for user, name in ((told.officer, "rules"), (told.steward, "village_rules"), (villager, "own_rules")):
        page = text(client_for(user).get(reverse(f"scoring:{name}")))
        assert "通用约定" in page and all(one in page for one in WORDS)
        assert page.count("与“捐款”（46）合计每户每月最多10分") == 1
        assert "通用约定" not in text(client_for(user).get(reverse(f"scoring:{name}"), {"q": "献血"}))


def test_whoever_tells_of_an_item_sees_the_cap_that_it_shares(told: Desk, client_for: Browser) -> None:
    own = Rule.objects.filter(code="blood").latest("pk").pk
    here = f"{reverse('scoring:declare')}?rule={own}"
    page = text(client_for(told.cast.villager(told.zhang)).get(here))
    assert "与“捐款”（46）合计每户每月最多10分" in page


def test_the_pages_say_what_the_paper_says(told: Desk) -> None:
    version = books.current(None, NOW)
    assert version is not None
    book = books.whole(version)
    paper = printing.told(book, printing.Cover("", "", "", "", None))
    assert printing.conventions(book) == paper["settings"] and len(paper["settings"]) >= len(WORDS)


def test_a_main_classs_cap_is_among_them() -> None:
    book = Rulebook.model_validate({
        "categories": [{"name": "人居环境", "limits": [{"kind": "points", "value": "30", "period": "month"}]}],
        "rules": [rule("blood", "献血", 3)],
    })  # fmt: skip
    assert printing.conventions(book) == ["“人居环境”本类合计：每户每月最多30分"]


def test_an_item_tells_everything_that_follows_and_until_when(desk: Desk, client_for: Browser) -> None:
    barred = {"kind": "bar_honours", "until": "next_year_end", "text": "两年内不得评优"}
    closed = {"kind": "bar_redemption", "until": "months", "months": 6, "text": "半年不能兑换"}
    item = rule("feast", "大操大办", 5, sign="negative", effect=barred, effects=[closed])
    wide.install(desk, more=[item])
    page = text(client_for(desk.officer).get(reverse("scoring:rules")))
    told = phrases.effects(RuleSpec.model_validate(item))
    assert len(told) == 2 and "6个月" in told[1] and all(one in page for one in told)


def test_a_cap_that_counts_each_event_apart_says_so() -> None:
    asks = {"inputs": [{"name": "f1", "label": "哪一场活动", "kind": "text"}]}
    cap = {"kind": "count", "value": 1, "period": "year", "by": "f1"}
    items = [rule("blood", "献血", 3, number="45", **asks), rule("money", "捐款", 2, number="46", **asks)]
    class_name = items[0]["category"]

    def book(limits: list[dict[str, object]], of_class: list[dict[str, object]]) -> Rulebook:
        categories = [{"name": class_name, "limits": of_class}]
        return Rulebook.model_validate({"categories": categories, "rules": items, "settings": {"limits": limits}})

    named = cap | {"rules": ["blood", "money"]}
    assert printing.conventions(book([named], [cap])) == [
        "“献血”（45）、“捐款”（46）加分合计每户每年最多1次（按“哪一场活动”分别计）",
        f"“{class_name}”本类合计：每户每年最多1次（按“哪一场活动”分别计）",
    ]
    changes = [line.text for line in diffs.diff(book([], [cap | {"by": None}]), book([cap], [cap]))]
    assert any("现在加分每户每年最多1次（按“哪一场活动”分别计）" in one for one in changes)
    assert any("各条目加分合计每户每年最多1次（按“哪一场活动”分别计）" in one for one in changes)
