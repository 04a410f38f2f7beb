"""The flows that a town takes from its seeds' templates, and its people's words in them."""

from collections.abc import Collection

from jifen.accounts.models import User
from jifen.approvals import catalog, selectors, services
from jifen.approvals.definition import Definition
from jifen.approvals.models import Item
from jifen.kernel.actors import Actor
from jifen.local.demo import who
from jifen.local.demo.plan import TownPlan
from tenants.community.models import Village

KINDS = (
    "filing", "objection", "notice", "membership", "settlement", "year_close", "roster_change", "redemption_exception",
)  # fmt: skip
"""What a new town decides without a flow until its administrator takes one; the others it has from the beginning."""


def adopt(plan: TownPlan) -> None:
    """The administrator puts in force what the town's templates offer, and the common one where they are silent.

    Where a filing decides nothing and 36 villages file, the office receives a month in one word.
    """
    admin = Actor.of(User.objects.get(username="admin"))
    for kind in KINDS:
        if kind not in plan.unused and not selectors.has_flow(kind):
            services.install(subject_kind=kind, steps=offered(plan, kind), by=admin)


def offered(plan: TownPlan, kind: str) -> Definition:
    """By the first of the town's templates that says how ``kind`` is decided."""
    written = {one.code: one.flows for one in catalog.available()}
    return next(written[code][kind] for code in (*plan.templates, catalog.COMMON) if kind in written[code])


def agree_all(kind: str, villages: Collection[Village] | None = None) -> None:
    """Everything of the kind that is under way (in these villages) is approved."""
    for item in selectors.open_items(kind, None if villages is None else [village.pk for village in villages]):
        agree(item)


def agree(item: Item) -> None:
    """One after the other who is asked approves, until it is decided."""
    while item.finished_at is None:
        item = services.decide(item=item, verdict="approve", by=who.asked(item))
