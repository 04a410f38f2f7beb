"""Every act leaves a word with the item and a line in the audit trail."""

from collections.abc import Mapping

from jifen.approvals.models import Item, Stage, Word, WordKind
from jifen.approvals.selectors.veils import AS_STARTER, veil
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor

LONGEST = 500


def say(
    item: Item,
    kind: WordKind,
    by: Actor,
    *,
    stage: Stage | None = None,
    speaker: int | None = None,
    to: int | None = None,
    text: str = "",
    answers: Word | None = None,
    data: Mapping[str, object] | None = None,
) -> Word:
    """``by`` did it, on behalf of ``speaker`` when that is somebody else; ``data`` holds ids and figures.

    A hidden starter's name is in neither, her account not in the trail.
    """
    hidden = veil(item) if kind in AS_STARTER and item.is_started_by(by) else ""
    shown = Actor(by.realm, by.id, hidden) if hidden else by
    word = Word.objects.create(
        **shown.columns(),
        item=item,
        stage=stage,
        kind=kind,
        speaker_id=by.id if speaker is None else speaker,
        to_id=to,
        text=text.strip()[:LONGEST],
        answers=answers,
        data=dict(data or {}),
        at=clock.now(),
    )
    told = {"step": stage.key if stage else "", "to": to, "word": word.pk, **(data or {})}
    trail = Actor(by.realm, 0, hidden) if hidden else by
    audit.record(by=trail, action=f"approval.{kind}", subject=item, village_id=item.village_id, **told)
    return word


def note(item: Item, kind: WordKind, *, stage: Stage, speaker: int = 0, text: str) -> Word:
    """What followed by itself from somebody's act, which has its own audit line."""
    return Word.objects.create(
        **SYSTEM.columns(), item=item, stage=stage, kind=kind, speaker_id=speaker, text=text, at=clock.now()
    )
