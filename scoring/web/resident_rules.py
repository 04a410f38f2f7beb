"""积分细则 as a villager reads it: a plain list with a search, and under each item how to earn it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jifen.kernel import clock
from jifen.kernel.permissions import page
from scoring.models import Declarer
from scoring.permissions import ScoringPermission as May
from scoring.rules import phrases, phrases_book, printing
from scoring.rules.phrases import Known
from scoring.rules.spec import PLAIN, RuleSpec
from scoring.selectors import endings, rules_in_force, spec_of
from scoring.selectors import rulebooks as books
from scoring.selectors.books import settings_of
from scoring.web import rulebook_forms as forms
from scoring.web.resident import own
from scoring.web.rulebook_words import DECLARERS

PROOFS = {"none": "不用交证明", "optional": "可以附照片或材料", "required": "要附照片或材料"}


@dataclass(frozen=True, slots=True)
class Told:
    """An item and how it is earned: ``rule`` is its id when the villager may tell of it herself."""

    entry: forms.Entry
    category: str
    ways: tuple[tuple[str, str], ...]
    rule: int | None


@page(permission=May.READ_OWN)
def rules(request: HttpRequest) -> HttpResponse:
    """What holds in her village today."""
    village, today = own(request).village, clock.today()
    version = books.followed(village, today)
    words = request.GET.get("q", "").strip()
    shelves: dict[str, list[Told]] = {}
    rows = [(row.pk, spec_of(row)) for row in rules_in_force(village, today)]
    settings = settings_of(version) if version else PLAIN
    known = printing.known_of((rule for _, rule in rows), settings.classes)
    shared = phrases_book.beside(settings, known)
    for pk, rule in rows:
        if rule.active and rule.counts_on(today) and forms.has(rule, words):
            shelves.setdefault(rule.category, []).append(_told(rule, pk, known, shared))
    content: dict[str, Any] = {"village": village, "words": words, "version": version}
    content |= {"last_day": endings.last_day(version, today) if version else None}
    content |= {"ended": None if version else endings.ended(village.pk, today)}
    content["conventions"] = printing.conventions(books.whole(version)) if version else ()
    content |= {"shelves": list(shelves.items()), "total": sum(map(len, shelves.values()))}
    return render(request, "scoring/own_rules.html", content)


def _proof(rule: RuleSpec) -> str:
    """Of what kind and how many, where the rule says so."""
    kinds = phrases.proof_kinds(rule)
    return f"{PROOFS[rule.evidence]}{f'：{kinds}' if kinds else ''}"


def _told(rule: RuleSpec, pk: int, known: Known, shared: Mapping[str, list[str]]) -> Told:
    mine = Declarer.SELF in rule.declarers and rule.subject != "group"
    ways = _ways(rule, known, shared.get(rule.code, ()))
    return Told(forms.entry_of(rule), rule.category, tuple(ways), pk if mine else None)


def _ways(rule: RuleSpec, known: Known, shared: Iterable[str]) -> list[tuple[str, str]]:
    """What to do, in questions and answers."""
    item = printing.item_of(rule, known)
    tellers = "、".join(DECLARERS[one] for one in rule.declarers if one in DECLARERS)
    if rule.feed:
        tellers = "、".join(filter(None, [f"{rule.feed.name}自动送来", tellers]))
    rows = [
        ("怎么做", rule.text),
        ("计几分", item["price"]),
        ("最多", "；".join(filter(None, [item["caps"], *shared]))),
        ("谁登记", tellers),
        ("证明", _proof(rule)),
        ("要填", "、".join(one.label for one in rule.inputs)),
        ("还要知道", item["also"]),
    ]
    return [(what, how) for what, how in rows if how]
