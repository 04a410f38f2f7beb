"""What runs of another rulebook found."""

from typing import Literal

from django.db.models import Q, QuerySet

from jifen.kernel import clock
from jifen.web.wording import date_cn
from scoring.models import Cause, Declaration, Draft, Rule, RulebookVersion, WhatIfHousehold, WhatIfRun
from scoring.selectors import rulebooks as books
from scoring.selectors.rules import spec_of

Only = Literal["winners", "losers", "red", "black", "honours", "undecided", ""]
PARTS: dict[str, Q] = {
    "winners": Q(gain__gt=0),
    "losers": Q(gain__lt=0),
    "red": Q(red_before=True) | Q(red_after=True),
    "black": Q(black_before=True) | Q(black_after=True),
    "honours": Q(honoured_before=True) | Q(honoured_after=True),
    "undecided": Q(undecided__gt=0),
}
LISTED = tuple(PARTS)


def town_runs() -> QuerySet[WhatIfRun]:
    """Runs over the whole town, newest first."""
    return WhatIfRun.objects.filter(village=None).select_related("draft")


def village_runs() -> QuerySet[WhatIfRun]:
    """Runs over single villages, newest first."""
    return WhatIfRun.objects.exclude(village=None).select_related("village", "draft")


def newest_of(draft: Draft) -> WhatIfRun | None:
    """The last run over the draft, whatever came of it."""
    return WhatIfRun.objects.filter(draft=draft).select_related("village").first()


def households(run: WhatIfRun, only: Only = "") -> QuerySet[WhatIfHousehold]:
    """The run's households, those that lose most first; winners: those that gain most first.

    ``red``, ``black``, ``honours``: on the list before or after. Unknown words show all.
    """
    rows = run.households.filter(PARTS.get(only, Q())).select_related("household__village", "household__head")
    return rows.order_by("-gain" if only == "winners" else "gain", "household__number")


def priced_by(row: WhatIfHousehold) -> dict[str, str]:
    """By the item's code: in which wording, other than the one that was tried, the deeds were priced then."""
    days = {"happened_on__range": (row.run.since, row.run.until), "household": row.household}
    posted = {"postings__cause": Cause.DECLARATION, "postings__reversed_at": None}
    told = Rule.objects.filter(pk__in=Declaration.objects.filter(**days, **posted).values("rule"))
    town = books.latest(None, clock.today())
    newest = {rule.code: rule for rule in town.rules.all()} if town else {}
    own, mine = _own(row)
    found: dict[str, list[str]] = {}
    for rule in told.select_related("version__rulebook").order_by("version__effective_from", "pk"):
        since_changed = rule.code in mine and rule.version != own
        if since_changed or rule.code not in newest or spec_of(rule) != spec_of(newest[rule.code]):
            found.setdefault(rule.code, []).append(_named(rule.version))
    return {
        code: f"当时按{'、'.join(names)}的这一条计，{_now(newest.get(code), own if code in mine else None)}"
        for code, names in found.items()
    }


def _own(row: WhatIfHousehold) -> tuple[RulebookVersion | None, set[str]]:
    """The village's own version that a run over the town lays over the draft, and the items that it changes."""
    own = books.own_version(row.household.village, row.run.until) if row.run.village_id is None else None
    if own is None or not own.overlay:
        return None, set()
    return own, {change.code for change in books.overlay_of(own).changes}


def _named(version: RulebookVersion) -> str:
    whose = "本村" if version.rulebook.village_id else "镇里"
    return f"{whose}第{version.number}版（{date_cn(version.effective_from)}起）"


def _now(rule: Rule | None, own: RulebookVersion | None) -> str:
    if own is not None:
        return f"{_named(own)}改过，试算照本村改的算"
    if rule is None:
        return "镇里最新的细则里没有这一条"
    return "和镇里最新的不一样" if spec_of(rule).active else "镇里最新的细则里已停用"
