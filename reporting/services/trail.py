"""What the audit trail says of an objection: never who objects for herself."""

from jifen.audit import services as audit
from jifen.kernel.actors import SYSTEM, Actor
from reporting.models import Objection, ObjectionChannel

CONCEALED = "异议人"
UNKNOWN = Actor(SYSTEM.realm, 0, CONCEALED)
"""Who starts an objection's item: nobody's own, so that no list of one's own items tells of it."""


def objector(objection: Objection, by: Actor) -> Actor:
    """Who the trail says it was: whoever enters it for another is named, who objects for herself is not."""
    return Actor(by.realm, 0, CONCEALED) if objection.channel == ObjectionChannel.ONLINE else by


def record(objection: Objection, action: str, by: Actor, **data: object) -> None:
    ids = {"posting": objection.posting_id, "notice": objection.notice_id, "reversal": objection.reversal_id}
    village = None if objection.is_direct else objection.village_id
    audit.record(by=by, action=action, subject=objection, village_id=village, **ids, **data)
