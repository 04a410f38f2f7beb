"""What villagers declared goes through the town's flow: whoever is asked agrees.

In one village the steward is away for ten days, some declarations go back with a question and one is handed on;
in one town the flow changes in mid-year.
"""

import json
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from jifen.accounts.models import User
from jifen.approvals import catalog, selectors, services
from jifen.approvals.models import Activation, Item, Running
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.local.demo import adopting, who
from jifen.local.demo.plan import ALLIANCE, YEAR
from scoring.selectors.verifying import SUBJECT_KIND
from tenants.community.models import Village

AWAY = ("shuren", date(YEAR, 5, 1))
"""Town and month in which the first village's steward is away."""
CHANGE = ("qingxi", date(YEAR, 7, 1))
"""Town and month in which the flow changes."""
DAYS_AWAY = 10
TALKED_OVER = 6
"""Deeds that villagers tell of in the month in which such things happen."""
QUESTIONS = (
    ("请写明是哪一天、和谁一起做的？", "上午和隔壁两户一起做的，已补充说明。"),
    ("照片看不清门牌，请说明是不是自家门前？", "是自家门前，门牌在照片右侧。"),
)
"""What the steward asks when she sends a declaration back, and the answer with which it is handed in again."""
ADDED = {
    "name": "村审核委员会代表复核",
    "when": "points >= 5",
    "who": {"role": "committee"},
    "limit": {"days": 3},
    "empty": "office",
}
MUCH = 15
"""Points from which on a deduction is looked at by those who oversee the village (seed 003)."""
OVERSEERS = ("村务监督委员会", "村民监督委员会")
"""What seed 003 calls them, and what the town does that changes its flow."""


def verify(villages: Collection[Village]) -> None:
    """Everything under way in these villages is decided."""
    adopting.agree_all(SUBJECT_KIND, villages)


def go_away(village: Village) -> None:
    """The steward's approvals are a committee member's for some days."""
    giver, receiver = who.steward(village), who.committee(village)[0]
    until = clock.now() + timedelta(days=DAYS_AWAY)
    services.delegate(
        giver=giver.id, receiver=receiver.id, from_at=clock.now(), until_at=until, subject_kind=SUBJECT_KIND, by=giver
    )


def talk_over(village: Village) -> None:
    """The oldest go back to their starters and are handed in again; the next one is handed on."""
    items = list(selectors.open_items(SUBJECT_KIND, [village.pk]))
    for item, (question, reply) in zip(items, QUESTIONS, strict=False):
        services.send_back(item=item, to="starter", reason=question, by=who.asked(item))
        starter = Actor(item.starter_realm, item.starter_id, item.starter_name)
        services.resubmit(item=item, text=reply, by=starter)
    for item in items[len(QUESTIONS) : len(QUESTIONS) + 1]:
        receiver = _free(item, who.committee(village))
        services.transfer(item=item, to=receiver.id, reason="当天我不在现场，请您核实。", by=who.asked(item))
        services.decide(item=item, verdict="approve", reason="已到现场核实。", by=receiver)


def change_flow() -> Activation:
    """The administrator adds a step, and what seed 003 asks of large amounts; what is under way moves, as she has seen.

    Raises:
        RuntimeError: the preview names what cannot move, or nothing that can.
    """
    admin = Actor.of(User.objects.get(username="admin"))
    old = services.active_flow(SUBJECT_KIND).definition.dump()
    steps = [old["steps"][0], ADDED, *old["steps"][1:], _large()]
    flow = services.save(subject_kind=SUBJECT_KIND, steps={**old, "steps": steps}, by=admin)
    seen = services.preview_move(flow)
    if not seen or not all(one.can_move for one in seen):
        raise RuntimeError(f"新流程不能接办：{[one.problem for one in seen]}")
    return services.activate(flow=flow, running=Running.MOVE, by=admin)


def _large() -> dict[str, Any]:
    """The fork of seed 003's flow, in the town's words."""
    seed = next(one for one in catalog.available() if one.code == ALLIANCE)
    fork = json.dumps(seed.flows[SUBJECT_KIND].dump()["steps"][1], ensure_ascii=False)
    called: dict[str, Any] = json.loads(fork.replace(*OVERSEERS))
    return called


def _free(item: Item, members: Collection[Actor]) -> Actor:
    """The first who is not asked anyway and need not stand back."""
    taken = selectors.seats(item) | selectors.barred(item, {one.id for one in members})
    return next(one for one in members if one.id not in taken)
