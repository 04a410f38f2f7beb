"""Who started an item may be hidden from those who decide it: what she does as its starter is told under another name.

What she does because she was asked by name (answer, read, decide) shows her own: it does not tell that she started it.
"""

from copy import copy

from jifen.approvals import registry
from jifen.approvals.models import Item, Word, WordKind
from jifen.kernel.actors import Actor

AS_STARTER = frozenset({
    WordKind.START, WordKind.RESUBMIT, WordKind.WITHDRAW, WordKind.REMIND, WordKind.COMMENT, WordKind.ASK,
    WordKind.COPY,
})  # fmt: skip


def veil(item: Item) -> str:
    """The name under which the starter is told; empty when she is not hidden."""
    return registry.subject(item.subject_kind).conceals(item)


def starter(item: Item, by: Actor) -> Actor:
    """``by``, under the starter's other name when she is the hidden one."""
    name = veil(item) if item.is_started_by(by) else ""
    return Actor(by.realm, by.id, name) if name else by


def veiled(word: Word, name: str) -> Word:
    """The word as people and programs may read it: without the hidden starter's name and id (0)."""
    told, item = copy(word), word.item
    if not name:
        return told
    hers = (item.starter_realm, item.starter_id)
    if word.kind in AS_STARTER and (word.actor_realm, word.actor_id) == hers:
        told.actor_name, told.actor_id, told.speaker_id = name, 0, 0
    if word.kind == WordKind.ANSWER and word.to_id == item.starter_id and _asked_by(word, hers):
        told.to_id = None
    return told


def _asked_by(word: Word, who: tuple[str, int]) -> bool:
    asked = word.answers
    return asked is not None and (asked.actor_realm, asked.actor_id) == who
