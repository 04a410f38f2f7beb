"""One picture for each kind of thing that a rulebook can say: the editor's sentence, filled in with its page's example.

``make pictures`` puts them into ``docs/images/rules``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.site import SHOTS, Site
from tests.scoring.rules.build import rule
from tests.scoring.rules.test_pages import PAGES, example_of

TOWN = "shuren"
PICTURES = SHOTS / "rules"
CALL = """async ([address, body]) => {
  const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
  const answer = await fetch(address, {method: 'POST', body: JSON.stringify(body),
    headers: {'Content-Type': 'application/json', 'X-CSRFToken': token, 'Idempotency-Key': crypto.randomUUID()}});
  return [answer.status, await answer.json()];
}"""
ONLY = """selector => {
  const wanted = document.querySelector(selector), part = wanted.closest('form > *');
  if (part.tagName === 'DETAILS') part.open = true;
  for (const one of part.parentElement.children) if (one !== part && one.id !== 'saved') one.style.display = 'none';
  for (const one of part.querySelectorAll('.kind-pick:not(:checked) + .kind-label, .kinds > .kind-label'))
    one.style.display = 'none';
  for (const one of part.querySelectorAll('.more-part')) if (!one.contains(wanted)) one.style.display = 'none';
}"""
"""Nothing but the part with what is wanted, and the sentence that the item makes."""

PARTS = {
    "attribution": "target", "multipliers": "people", "measures": "kind", "catch_all": "catch_all",
    **{name: name for name in ("cooldown", "streak", "repeat", "after_warning", "group", "not_with", "repair",
                               "effects", "rating", "feed")},
}  # fmt: skip
FIELDS = {
    "limits": "[name=limit-value]",
    "inputs": "[name=has-inputs]",
    "proofs": "[name=proof-kind]",
    "base": "[name=base-points]",
    "balances": "[name=merit-negative]",
    "shared_limits": "[name=shared-value]",
    "pools": "[name=pool-name]",
    "fractions": "[name=places]",
}
FIRST = ("effects",)
"""Pages that show their example's first item, not its last."""
SETTINGS = ("base", "balances", "shared_limits", "pools", "fractions")


def test_each_kind_is_a_sentence_that_says_what_its_page_says(site: Site, desk: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    site.sign_in(desk, "office", "/office/rulebooks/", TOWN)
    empty = [page.stem for page in PAGES if not _pictured(site, desk, page)]
    assert empty == []


def _pictured(site: Site, page: Page, source: Path) -> bool:
    """The page's example in a draft of its own; whether its picture shows what was filled in."""
    example = example_of(source)
    draft = _called(page, "", {"start": "empty"})
    try:
        shown = ""
        if source.stem in SETTINGS or "settings" in example:
            said = {"revision": draft["head_revision"], "head": _head(example)}
            _called(page, f"{draft['id']}/settings/", said)
        for body in _bodies(example):
            made = _called(page, f"{draft['id']}/add/", {"code": body.pop("code"), "body": body})
            shown = shown if source.stem in FIRST and shown else made["code"]
        page.goto(site.url(f"/office/rulebooks/{draft['id']}/{_where(source.stem, shown)}", TOWN))
        return _shot(page, source.stem)
    finally:
        _called(page, f"{draft['id']}/discard/", {})


def _called(page: Page, path: str, body: dict[str, Any]) -> dict[str, Any]:
    code, answer = page.evaluate(CALL, [f"/api/v1/rulebook-drafts/{path}", body])
    assert code < 300, (path, body, answer)
    return dict(answer)


def _bodies(example: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in example.get("rules") or [example.get("rule") or {"title": "参加义务劳动"}]:
        spec = rule(**{"code": "hj-01", "text": part["title"], **part})
        yield spec.model_dump(mode="json", exclude_unset=True)


def _head(example: dict[str, Any]) -> dict[str, Any]:
    said = dict(example.get("settings", {}))
    said |= {"base": [example["base"]]} if "base" in example else {}
    said |= {"merit": example["balance"], "redeemable": example["balance"]} if "balance" in example else {}
    said |= {"pools": [example["pool"]]} if "pool" in example else {}
    said |= {"fractions": example["rule"]["fractions"]} if "fractions" in example.get("rule", {}) else {}
    return {"settings": said, "categories": [{"name": "美丽建设", "limits": example.get("category_limits", [])}]}


def _where(name: str, code: str) -> str:
    return "settings/" if name in SETTINGS else f"items/{code}/"


def _shot(page: Page, name: str) -> bool:
    wanted = FIELDS.get(name) or (f"#part-{PARTS[name]}" if name in PARTS else f".kind-say[data-kind={name}]")
    field = page.locator(wanted).first
    page.evaluate(ONLY, wanted)
    form = page.locator("#settings-form, #item-form").first
    expect(form).to_be_visible()
    form.screenshot(path=PICTURES / f"{name}.png")
    filled = field.evaluate("one => one.checked === true || !!one.value || !!one.querySelector?.('input[value]')")
    return bool(filled)
