"""One device or department that sends several items: chosen in the form of an item, so that one key opens all."""

import re
from collections.abc import Callable
from typing import Any

from django.urls import reverse

from scoring.models import Draft
from scoring.rules.spec import RuleSpec
from scoring.selectors import drafts as seen
from tests.scoring import feeding
from tests.scoring.page_forms import form_on
from tests.scoring.rulebooks import Office

Browser = Callable[..., Any]
HX = {"HTTP_HX_REQUEST": "true"}


class Editor:
    """The form of one item in a browser."""

    def __init__(self, browser: Any, draft: Draft, code: str, area: str = "office") -> None:
        self.browser, self.draft, self.code = browser, draft, code
        self.url = reverse(f"scoring:{area}_item", args=[draft.pk, code])

    def offered(self) -> dict[str, str]:
        page = self.browser.get(self.url).content.decode()
        [listed] = re.findall(r'name="feed-code".*?</select>', page)
        return dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', listed))

    def send(self, source: str, **more: str) -> RuleSpec:
        """The item after it is ticked that ``source`` sends it."""
        form: dict[str, Any] = form_on(self.browser.get(self.url).content.decode())
        form["part"] = [*form.get("part", []), "feed"]
        self.browser.post(self.url, form | {"feed-code": source} | more, **HX)
        rule = next(line.rule for line in seen.lines(self.draft) if line.code == self.code)
        assert rule is not None
        return rule


def test_an_item_takes_the_source_of_another_with_its_name(office: Office, client_for: Browser) -> None:
    feeding.install()
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    editor = Editor(browser, draft, "tidy")
    offered = editor.offered()
    assert offered["tidy"] == "新的来源" and offered["water"].startswith("智能水表（也送节约用水、漏水报修、")
    feed = editor.send("water").feed
    assert feed and (feed.code, feed.name, feed.kind) == ("water", "智能水表", "device")
    assert "庭院整洁" in Editor(browser, draft, "waste").offered()["water"]


def test_a_new_source_has_a_code_of_its_own(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    first = Editor(browser, draft, "tidy")
    told = {"feed-name": "扫码器", "feed-kind": "device"}
    assert first.send("tidy", **told).feed
    second = Editor(browser, draft, "help")
    assert second.offered() == {"help": "新的来源", "tidy": "扫码器（也送庭院整洁）"}
    chosen = second.send("tidy").feed
    assert chosen and chosen.name == "扫码器"
    assert first.offered() == {"tidy-2": "新的来源", "tidy": "扫码器（也送帮助邻居）"}
    assert first.send("tidy").feed == chosen


def test_a_source_is_renamed_in_all_its_items(office: Office, client_for: Browser) -> None:
    draft, browser = office.town_draft(), client_for(office.desk.cast.admin())
    first, second = Editor(browser, draft, "tidy"), Editor(browser, draft, "help")
    assert first.send("tidy", **{"feed-name": "扫码器", "feed-kind": "device"}).feed
    second.send("tidy")
    renamed = first.send("tidy", **{"feed-name": "新扫码器", "feed-kind": "department"}).feed
    other = seen.whole(draft).rule("help").feed
    assert renamed and renamed.name == "新扫码器" and other == renamed
    assert draft.items.get(code="help").revision == 3 and draft.items.get(code="trees").revision == 1


def test_a_villages_source_is_no_other_villages(office: Office, client_for: Browser) -> None:
    draft, browser = office.village_draft(), client_for(office.desk.steward)
    office.add(draft)
    assert list(Editor(browser, draft, "own-1", "village").offered()) == [f"v{office.village.pk}-own-1"]
