"""The rulebook as people read it: the town's, and the one that holds in a village."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jifen.kernel import clock, pinyin
from jifen.kernel.permissions import grants_of, page
from scoring.models import RulebookVersion
from scoring.permissions import ScoringPermission as May
from scoring.rules import printing
from scoring.rules.base import EXAMPLE_LABEL
from scoring.selectors import endings
from scoring.selectors import rulebooks as books
from scoring.selectors.books import shared_caps
from scoring.web import choices, scope
from tenants.community.models import Village


@page(permission=May.READ_LEDGER)
def rules(request: HttpRequest) -> HttpResponse:
    """The town's rulebook by category, with where each item comes from."""
    return render(request, "scoring/rules.html", _book(request, None))


@page(permission=May.READ_LEDGER)
def village_rules(request: HttpRequest) -> HttpResponse:
    """The rules that hold in the village: its own, else the town's."""
    frame = scope.frame(request, May.READ_LEDGER)
    return render(request, "scoring/rules.html", frame | _book(request, frame["village"]))


def _book(request: HttpRequest, village: Village | None) -> dict[str, Any]:
    version, today = _version(village), clock.today()
    words = request.GET.get("q", "").strip()
    found: dict[str, list[choices.Tile]] = {}
    shared = shared_caps(version) if version else {}
    for rule in version.rules.order_by("position") if version else ():
        if pinyin.found(words, f"{rule.title}{rule.text}{rule.matter}", rule.title, rule.matter):
            found.setdefault(rule.category, []).append(choices.tile(rule, shared.get(rule.code, ())))
    return {
        "version": version,
        "shelves": [choices.Shelf(name, tiles) for name, tiles in found.items()],
        "words": words,
        "total": sum(not tile.is_off for tiles in found.values() for tile in tiles),
        "off": sum(tile.is_off for tiles in found.values() for tile in tiles),
        "last_day": endings.last_day(version, today) if version else None,
        "ended": None if version else endings.ended(village.pk, today) if village else endings.lapsed(None, today),
        "may_mend": village is None and grants_of(request.user).allows(May.MANAGE_RULES),
        "example_label": EXAMPLE_LABEL,
        "conventions": printing.conventions(books.whole(version)) if version else (),
    }


def _version(village: Village | None) -> RulebookVersion | None:
    """In force today: the village's own, else the town's."""
    today = clock.today()
    return books.followed(village, today) if village else books.current(None, today)
