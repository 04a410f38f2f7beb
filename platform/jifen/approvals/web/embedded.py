"""Where a subject stands on its way, for the page of its own room (``approvals/parts/standing.html``)."""

from dataclasses import dataclass

from django.urls import reverse

from jifen.approvals import selectors
from jifen.approvals.models import UNDER_WAY, Item
from jifen.approvals.web import story
from jifen.approvals.web.story import Standing


@dataclass(frozen=True, slots=True)
class Way:
    """``url`` leads to the item; ``is_turn``: the reader is asked now."""

    item: Item
    url: str
    stages: list[Standing]
    is_turn: bool

    @property
    def is_open(self) -> bool:
        return self.item.state in UNDER_WAY


def way_of(subject_kind: str, subject_id: int, *, area: str, user_id: int) -> Way | None:
    """Of the subject's newest item; ``None`` when it went through no flow."""
    item = selectors.last_item(subject_kind, subject_id)
    if item is None:
        return None
    url = reverse(f"approvals:{area or 'own'}_item", args=[item.pk])
    is_turn = selectors.work_of(user_id).filter(stage__item=item).exists()
    return Way(item, url, story.standing(item), is_turn)
