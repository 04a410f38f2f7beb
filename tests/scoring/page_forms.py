"""What a browser would send of a page's form, so that a test can send it back unchanged."""

from html.parser import HTMLParser
from typing import Any


def form_on(page: str, form: str = "item-form") -> dict[str, list[str]]:
    """Names and values of the form with that id, as they stand on the page."""
    reader = _Reader(form)
    reader.feed(page)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.found = form, dict[str, list[str]]()
        self.inside, self.open, self.options = False, "", list[tuple[str, bool]]()
        self.told = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = dict(attrs)
        if tag == "form":
            self.inside = told.get("id") == self.form
        elif tag in ("select", "textarea") and self.inside:
            self.open, self.options, self.told = told["name"], [], tag == "select"
        elif tag == "option" and self.open:
            self.options.append((told["value"], "selected" in told))
        elif tag == "input" and self.inside and _is_sent(told):
            self._add(told["name"], told.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.open and not self.options and data.strip():
            self.told = True
            self._add(self.open, data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select" and self.open:
            self._add(self.open, next((value for value, on in self.options if on), self.options[0][0]))
        if tag == "textarea" and self.open and not self.told:
            self._add(self.open, "")
        if tag in ("select", "textarea"):
            self.open = ""

    def _add(self, name: str, value: str) -> None:
        self.found.setdefault(name, []).append(value)


def _is_sent(told: dict[str, Any]) -> bool:
    ticked = told.get("type") not in ("checkbox", "radio") or "checked" in told
    return bool(told.get("name")) and ticked
