"""How the town reviews its months: its dated choice (a scheme's ``review``, ``recording`` and ``year`` sections)."""

from datetime import date, datetime
from typing import Any

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring.models import ReviewPolicy
from scoring.rules import policy as sections
from scoring.rules.adoption import RulesPolicy
from scoring.rules.base import Model


class Policy(Model):
    review: sections.ReviewPolicy
    recording: sections.Recording | None = None
    year: sections.YearPolicy = sections.YearPolicy()
    rules: RulesPolicy = RulesPolicy()


DEFAULT = Policy.model_validate({"review": {"after": "filing", "quorum": "0.5", "majority": "0.5"}})
"""What holds in a town that has not chosen yet."""


def install(*, section: dict[str, Any], effective_from: date, by: Actor) -> None:
    """Check and store the choice in force from ``effective_from``; the same day's choice is replaced by nothing.

    ``section`` has the keys ``review``, ``recording``, ``year`` as a scheme file writes them, and ``rules``
    (``scoring.rules.adoption``).
    """
    checked = Policy.model_validate(section)
    ReviewPolicy.objects.update_or_create(
        effective_from=effective_from,
        defaults={"data": checked.model_dump(mode="json"), "made_at": clock.now(), "made_by_name": by.name},
    )


def on(day: date) -> Policy:
    """The choice in force on ``day``."""
    data = ReviewPolicy.data_on(day)
    return Policy.model_validate(data) if data else DEFAULT


def base_since(day: date) -> date:
    """From which day on, up to ``day``, the town's choices have granted base points without a break; ``day`` itself
    where the choice in force on it grants none."""
    found = day
    for row in ReviewPolicy.objects.filter(effective_from__lte=day).order_by("-effective_from"):
        if Policy.model_validate(row.data).year.base is None:
            break
        found = row.effective_from
    return found


def recorded_before(month: date) -> datetime | None:
    """Until when a deed must have been recorded to be on ``month``'s sheet; None: as long as the sheet is open."""
    if on(clock.today()).review.late == "same_sheet_while_open":
        return None
    return clock.at(clock.next_month(month), 0)
