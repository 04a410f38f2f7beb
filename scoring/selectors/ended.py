"""How a declaration that nobody decided came to its end: taken back, or ended by the office or by another way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jifen.approvals.models import Item, ItemState, Word, WordKind
from jifen.kernel.actors import SYSTEM
from scoring.models import Declaration, DeclarationState
from scoring.selectors.verifying import SUBJECT_KIND
from tenants.community import selectors as community

_KINDS = {ItemState.TERMINATED: WordKind.TERMINATE, ItemState.WITHDRAWN: WordKind.WITHDRAW}


@dataclass(frozen=True, slots=True)
class Ended:
    """``by``: of the office where an administrator ended it (``is_terminated``); empty for whoever took it back."""

    is_terminated: bool
    by: str
    reason: str
    at: datetime

    @property
    def title(self) -> str:
        return "已终止" if self.is_terminated else "已撤回"


def of(declaration: Declaration) -> Ended | None:
    """``None`` for one that is under way, decided, or was taken back without a flow."""
    return of_all([declaration]).get(declaration.pk)


def of_all(declarations: Iterable[Declaration]) -> dict[int, Ended]:
    """Of those that ``of`` tells, by id: at most three questions, however many there are."""
    over = [row.pk for row in declarations if row.state == DeclarationState.WITHDRAWN]
    if not over:
        return {}
    items = Item.objects.filter(subject_kind=SUBJECT_KIND, subject_id__in=over).order_by("subject_id", "-id")
    last = [item for item in items.distinct("subject_id") if item.state in _KINDS]
    words = Word.objects.filter(item__in=last, kind__in=_KINDS.values()).order_by("id")
    said = {(word.item_id, word.kind): word for word in words}
    office = _office() if any(item.state == ItemState.TERMINATED for item in last) else ""
    found = ((item, said.get((item.pk, _KINDS[ItemState(item.state)]))) for item in last)
    return {item.subject_id: _told(item, word, office) for item, word in found if word is not None}


def _told(item: Item, word: Word, office: str) -> Ended:
    if item.state != ItemState.TERMINATED:
        return Ended(is_terminated=False, by="", reason=word.text, at=word.at)
    by = SYSTEM.name if word.actor_realm == SYSTEM.realm else f"{office}{word.actor_name}"
    return Ended(is_terminated=True, by=by, reason=word.text, at=word.at)


def _office() -> str:
    return community.office_name() or "镇级办公室"
