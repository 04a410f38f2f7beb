"""What a town's people do in each phase: the same services and tasks that the pages call."""

from collections.abc import Callable
from datetime import date

from jifen.kernel.tenancy import entered
from jifen.local.demo import archive, deeds, exchange, months, quarters, revising, settling, setup
from jifen.local.demo.plan import TownPlan, chosen

PHASES: dict[str, Callable[[TownPlan, date], None]] = {
    "setup": setup.set_up,
    "deeds": deeds.record,
    "revise": revising.revise_rules,
    "review": months.review,
    "hear": months.hear,
    "notice": quarters.notice,
    "object": quarters.question,
    "leave": quarters.leave_unanswered,
    "exchange": exchange.exchange,
    "settle": settling.settle,
    "close": quarters.close,
    "archive": archive.wait,
}


def run(host: str, phase: str, about: date) -> None:
    """One phase of one town, inside its schema."""
    plan = chosen().town(host)
    with entered(f"t_{host}"):
        PHASES[phase](plan, about)
