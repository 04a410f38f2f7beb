"""Who may do what with deeds, sheets and the ledger."""

from jifen.kernel.permissions import Permission, allot


class ScoringPermission(Permission):
    RECORD = "scoring.record"
    DECLARE = "scoring.declare"
    REVIEW = "scoring.review"
    READ_LEDGER = "scoring.read_ledger"
    READ_OWN = "scoring.read_own"
    FILE = "scoring.file"
    MANAGE_RULES = "scoring.manage_rules"
    ADAPT_RULES = "scoring.adapt_rules"
    CLOSE_YEAR = "scoring.close_year"
    CORRECT = "scoring.correct"
    TELL = "scoring.tell"
    HOLD_MEETING = "scoring.hold_meeting"
    DIVIDE = "scoring.divide"
    """Parts money among households by points: whoever runs the village's or the town's money."""
    FEED = "scoring.feed"
    """Sends deeds by a key of its own; no role of a person holds it."""
    SIT = "scoring.sit"
    """Leads to the pages of sheets; to which of them, ``selectors.access`` says."""


def allot_all() -> None:
    """Who does what on the way from a deed to an entry."""
    may = ScoringPermission
    for role in ("town_admin", "town_officer"):
        allot(role, may.READ_LEDGER, may.FILE, may.CORRECT, may.CLOSE_YEAR, may.SIT, may.DIVIDE)
    allot("town_admin", may.MANAGE_RULES)
    allot("steward", may.RECORD, may.TELL, may.HOLD_MEETING, may.READ_LEDGER, may.ADAPT_RULES, may.SIT, may.DIVIDE)
    allot("committee", may.REVIEW, may.TELL, may.HOLD_MEETING, may.READ_LEDGER, may.SIT)
    allot("supervisor", may.READ_LEDGER, may.SIT)
    for role in ("group_leader", "volunteer"):
        allot(role, may.SIT)
    allot("resident", may.DECLARE, may.READ_OWN)
