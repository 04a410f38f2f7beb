"""Where a subject stands on its way through a flow, for the subject's own page (``approvals/parts/stands.html``)."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jifen.approvals import abilities, selectors
from jifen.approvals.models import Item


@dataclass(frozen=True, slots=True)
class Stands:
    """``steps`` wait now; ``address`` is empty for whom the item is nothing; ``is_hers``: it came back to her."""

    item: Item
    steps: str
    reason: str
    address: str
    is_hers: bool


def stands(user: Any, area: str, subject_kind: str, subject_id: int) -> Stands | None:
    """Of the subject's newest item, in ``area`` of the site; ``None`` when it went through no flow."""
    item = selectors.last_item(subject_kind, subject_id)
    if item is None:
        return None
    seen = abilities.visible(user).filter(pk=item.pk).exists()
    address = reverse(f"approvals:{area}_item", args=[item.pk]) if seen else ""
    steps = "、".join(stage.name for stage, _ in selectors.active_stages(item))
    is_hers = "resubmit" in abilities.of(item, user)
    return Stands(item, steps, selectors.last_reason(item), address, is_hers)
