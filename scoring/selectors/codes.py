"""What the codes of items mean in a town, and which code a new item gets."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from jifen.kernel import clock
from scoring.models import UNDER_WAY, Draft, DraftItem, Rule
from scoring.rules import identity
from scoring.rules.identity import Known
from scoring.rules.spec import Rulebook, RuleSpec
from scoring.rules.workbook import Imported
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books


def ever() -> list[Known]:
    """What every code means or once meant: in all versions of the town and its villages, in drafts under way."""
    rows = Rule.objects.order_by().values_list("code", "sign", "title", "text").distinct()
    items = DraftItem.objects.filter(draft__state__in=UNDER_WAY).values_list("code", "body")
    return [*(Known(*row) for row in rows), *_of_items(items)]


def used() -> set[str]:
    """Codes that an item has or once had."""
    kept = DraftItem.objects.filter(draft__state__in=UNDER_WAY).values_list("code", flat=True)
    return {*Rule.objects.order_by().values_list("code", flat=True).distinct(), *kept}


def present(draft: Draft | None) -> list[Known]:
    """Items that a row of a file may be: of the draft (None: a new one of the town), its base, what is in force."""
    own = books.latest(draft.rulebook.village if draft else None, clock.today())
    read = [books.whole(own)] if own else []
    base = seen.base_book(draft) if draft else None
    items = _of_items(draft.items.values_list("code", "body")) if draft else []
    return [*items, *identity.known(rule for book in (*([base] if base else ()), *read) for rule in book.rules)]


def as_here(imported: Imported, draft: Draft | None) -> dict[str, str]:
    """By the code that each item was read with: the code that it has in ``draft`` (None: in a new one of the town)."""
    said = {rule.code for rule in imported.rules} - imported.fresh
    return identity.codes(imported.rules, said=said, origins=imported.known, present=present(draft), ever=ever())


def laid_on(imported: Imported, here: Mapping[str, str], there: Mapping[str, RuleSpec]) -> dict[str, RuleSpec]:
    """By the code that a row was read with, the item of ``there`` of which it changes what it says and no more."""
    return {
        rule.code: there[here[rule.code]]
        for rule in imported.rules
        if here[rule.code] in there and (rule.code in imported.fresh or here[rule.code] != rule.code)
    }


def kept(imported: Imported, draft: Draft | None) -> list[tuple[str, str]]:
    """The code that each such row has in ``draft``, and what stays of its item, in words."""
    here, there = as_here(imported, draft), there_of(draft)
    on = laid_on(imported, here, there)
    told = [(here[rule.code], identity.kept_text(on[rule.code], rule)) for rule in imported.rules if rule.code in on]
    return [(code, text) for code, text in told if text]


def read_for(imported: Imported, draft: Draft) -> Rulebook | None:
    """What was read with the codes that it has in ``draft``; a row that is an item by its words changes what it says of
    that item and no more, of the draft's or else of the one in force. None when nothing was read."""
    if imported.rulebook is None:
        return None
    here = as_here(imported, draft)
    book = identity.recoded(imported.rulebook, here)
    said = {rule.code for rule in imported.rules} - imported.fresh
    by_words = {now for read, now in here.items() if read not in said or read != now}
    rules = laid(book.rules, draft, by_words)
    return book.model_copy(update={"rules": rules})


def laid(rules: Iterable[RuleSpec], draft: Draft, by_words: Collection[str]) -> tuple[RuleSpec, ...]:
    """``rules``, those of ``by_words`` laid over what the draft has under their codes, or else what is in force; their
    groups are no others' there."""
    there = there_of(draft)
    pairs = ((rule, there.get(rule.code) if rule.code in by_words else None) for rule in rules)
    return identity.regrouped((identity.laid_over(old, rule) if old else rule for rule, old in pairs), there)


def there_of(draft: Draft | None) -> dict[str, RuleSpec]:
    """By code the items that a row may be: of the draft (None: a new one of the town), else of what is in force."""
    now = books.latest(draft.rulebook.village if draft else None, clock.today())
    found = {rule.code: rule for rule in books.whole(now).rules} if now else {}
    lines = seen.lines(draft) if draft else []
    return found | {line.code: rule for line in lines if (rule := line.rule or line.town) is not None}


def of_template(book: Rulebook, origin: Rulebook | None) -> Rulebook:
    """A template with the codes that its items have over the town's rules.

    ``origin``: the version of the same template that these began with; None when they began with something else.
    """
    origins = {rule.code: rule for rule in origin.rules} if origin else {}
    told = identity.codes(book.rules, said=set(origins), origins=origins, present=present(None), ever=ever())
    made = identity.recoded(book, told)
    return made.model_copy(update={"rules": identity.regrouped(made.rules, there_of(None))})


def _of_items(items: Iterable[tuple[str, Any]]) -> list[Known]:
    return [
        Known(code, *(str(rule.get(name) or "") for name in ("sign", "title", "text")))
        for code, body in items
        if isinstance(body, dict) and isinstance(rule := body.get("rule", body), dict)
    ]
