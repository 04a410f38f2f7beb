"""Whom the town's own flow asks for a step of the calendar: in a village by post, in the town by office or by name."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from jifen.approvals import registry
from jifen.approvals import selectors as flows
from jifen.approvals.definition import Who
from jifen.flows.behind import Step
from jifen.kernel import clock
from scoring.selectors.sitting import names
from tenants.community import selectors as community

KINDS: Mapping[Step, str] = {"review": "review", "filing": "filing", "notice": "notice"}
"""What is decided in a step, where something is. The others are done by one person."""


def lines(step: Step) -> Sequence[Who]:
    """The words of the flow in force that name people without a thing to decide; none where the town took no flow."""
    kind = KINDS.get(step)
    definition = flows.in_force(kind) if kind and flows.has_flow(kind) else None
    return [who for one in definition.all_steps() for who in one.who] if definition else []


def in_villages(asked: Sequence[Who], villages: Collection[int]) -> Mapping[int, set[int]]:
    """By village the accounts whose post there is meant."""
    posts = community.roles_on(clock.today()).filter(village__in=villages) if asked and villages else ()
    found: defaultdict[int, set[int]] = defaultdict(set)
    for post in posts:
        if any(who.level != "town" and names(who, post) for who in asked):
            found[post.village_id].add(post.user_id)
    return found


def in_town(asked: Sequence[Who]) -> set[int]:
    """The accounts that are asked for every village alike."""
    nowhere = registry.Place(None)
    return {user for who in asked for user in (*who.named(), *registry.holders(who, nowhere))}
