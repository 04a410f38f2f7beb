"""How a declaration that nobody decided came to its end: taken back, or ended by the office or by another way."""

from dataclasses import dataclass
from datetime import datetime

from jifen.approvals import selectors as approvals
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
    if declaration.state != DeclarationState.WITHDRAWN:
        return None
    item = approvals.last_item(SUBJECT_KIND, declaration.pk)
    word = _word(item) if item else None
    if item is None or word is None:
        return None
    terminated = item.state == ItemState.TERMINATED
    return Ended(terminated, _by(word) if terminated else "", word.text, word.at)


def _word(item: Item) -> Word | None:
    kind = _KINDS.get(ItemState(item.state))
    return item.words.filter(kind=kind).order_by("-id").first() if kind else None


def _by(word: Word) -> str:
    if word.actor_realm == SYSTEM.realm:
        return SYSTEM.name
    return f"{community.office_name() or '镇级办公室'}{word.actor_name}"
