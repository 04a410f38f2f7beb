"""Where a subject stands on its way, for the page of its own room (``approvals/parts/standing.html``)."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jifen.approvals import abilities, selectors
from jifen.approvals.models import UNDER_WAY, Item
from jifen.approvals.web import story
from jifen.approvals.web.story import Standing


@dataclass(frozen=True, slots=True)
class Way:
    """``url`` leads to the item, empty for whom it is nothing; ``is_turn``: the reader is asked now; ``is_hers``: it
    came back to her."""

    item: Item
    url: str
    stages: list[Standing]
    reason: str
    is_turn: bool
    is_hers: bool

    @property
    def is_open(self) -> bool:
        return self.item.state in UNDER_WAY


def way_of(subject_kind: str, subject_id: int, *, area: str, user: Any) -> Way | None:
    """Of the subject's newest item; ``None`` when it went through no flow."""
    item = selectors.last_item(subject_kind, subject_id)
    if item is None:
        return None
    seen = abilities.visible(user).filter(pk=item.pk).exists()
    url = reverse(f"approvals:{area or 'own'}_item", args=[item.pk]) if seen else ""
    is_turn = selectors.work_of(int(user.pk or 0)).filter(stage__item=item).exists()
    is_hers = "resubmit" in abilities.of(item, user)
    return Way(item, url, story.standing(item), selectors.last_reason(item), is_turn, is_hers)
