"""What runs of another rulebook found."""

from typing import Literal

from django.db.models import Q, QuerySet

from scoring.models import Draft, WhatIfHousehold, WhatIfRun

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
