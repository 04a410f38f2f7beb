"""How an item goes through a definition, and what words make of a step (pure: no Django).

``done`` are the keys of the steps that have passed and still count. ``routes`` remember what was chosen when a node
was reached: the paths of a fork, ``[0]`` for a step that applied and ``[]`` for one that was passed over, so that facts
that change later do not send an item back. Where an item stands follows from the two; nothing else is kept.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from jifen.approvals.definition import Definition, Fork, Node, Step
from jifen.kernel import cel

Outcome = Literal["open", "passed", "refused", "empty"]
Routes = dict[str, list[int]]
LONGEST_CHAIN = 5
APPROVE, REJECT = "approve", "reject"
OPEN_WORK = ("waiting", "active", "claimed")
LIVE_WORK = (*OPEN_WORK, "done")


@dataclass(frozen=True, slots=True)
class Facts:
    """The subject's facts as stored (numbers may be text) and their kinds."""

    values: Mapping[str, Any]
    kinds: Mapping[str, cel.Kind]

    def hold(self, condition: str, *, unknown: bool) -> bool:
        """Whether the condition holds; ``unknown`` when it cannot be told (a fact is missing)."""
        if not condition:
            return True
        values = {name: _value(self.values.get(name), kind) for name, kind in self.kinds.items()}
        try:
            return cel.compile_expression(condition, self.kinds, condition=True).holds(values)
        except cel.ExpressionFailed:
            return unknown


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item is: the steps that wait for words (none: it is through), and the choices made to get there."""

    waiting: tuple[Step, ...]
    routes: Routes


def walk(definition: Definition, done: Collection[str], routes: Mapping[str, Sequence[int]], facts: Facts) -> Standing:
    """The steps an item waits at.

    A step whose condition cannot be told is asked; a path whose condition cannot be told is not taken.
    """
    kept: Routes = {key: list(route) for key, route in routes.items()}
    return Standing(tuple(_waiting(definition.steps, frozenset(done), kept, facts)), kept)


def _waiting(nodes: Iterable[Node], done: frozenset[str], routes: Routes, facts: Facts) -> list[Step]:
    for node in nodes:
        here = _at_step(node, done, routes, facts) if isinstance(node, Step) else _at_fork(node, done, routes, facts)
        if here:
            return here
    return []


def _at_step(step: Step, done: frozenset[str], routes: Routes, facts: Facts) -> list[Step]:
    if step.key in done:
        return []
    route = routes.setdefault(step.key, [0] if facts.hold(step.when, unknown=True) else [])
    return [step] if route else []


def _at_fork(fork: Fork, done: frozenset[str], routes: Routes, facts: Facts) -> list[Step]:
    if fork.key not in routes:
        routes[fork.key] = _chosen(fork, facts)
    return [step for number in routes[fork.key] for step in _waiting(fork.paths[number].steps, done, routes, facts)]


def _chosen(fork: Fork, facts: Facts) -> list[int]:
    holding = [number for number, path in enumerate(fork.paths) if facts.hold(path.when, unknown=False)]
    return holding[:1] if fork.kind == "choose" else holding


def trail(definition: Definition, key: str) -> list[tuple[tuple[Node, ...], int, int]]:
    """From the outside in: the sequences that lead to ``key``, its place in each, and the path taken there (or -1)."""
    return _trail(definition.steps, key) or []


def _trail(nodes: tuple[Node, ...], key: str) -> list[tuple[tuple[Node, ...], int, int]] | None:
    for place, node in enumerate(nodes):
        if node.key == key:
            return [(nodes, place, -1)]
        for number, path in enumerate(node.paths if isinstance(node, Fork) else ()):
            inner = _trail(path.steps, key)
            if inner:
                return [(nodes, place, number), *inner]
    return None


def later(definition: Definition, key: str) -> set[str]:
    """``key`` and all nodes that come after it; the other paths of a fork around it do not."""
    found = {key}
    for nodes, place, _ in trail(definition, key):
        found |= keys(nodes[place + 1 :])
    return found | {one for node in _node(definition, key) for one in keys([node])}


def earlier(definition: Definition, key: str) -> list[Step]:
    """The steps that come before ``key`` on its way, in order."""
    before = [node for nodes, place, _ in trail(definition, key) for node in nodes[:place]]
    return [step for node in before for step in _steps(node)]


def keys(nodes: Iterable[Node]) -> set[str]:
    """The keys of the nodes and of all nodes inside them."""
    return {key for node in nodes for key in (node.key, *_inner(node))}


def routes_to(definition: Definition, done: Collection[str], routes: Mapping[str, Sequence[int]], key: str) -> Routes:
    """The choices that bring an item straight to ``key``: what is not done before it is passed over."""
    kept: Routes = {name: list(route) for name, route in routes.items()}
    for nodes, place, number in trail(definition, key):
        for node in nodes[:place]:
            kept |= {one: [] for one in keys([node]) if one not in done}
        kept[nodes[place].key] = [number] if number >= 0 else [0]
    return kept


@dataclass(frozen=True, slots=True)
class Work:
    """One person's part in a step. A seat is decided by a chain of people, lowest rank first; usually it is one.

    ``parts``: the numbers of the step's ``who`` that mean her seat; none for who was added to those it means.
    ``heard``: she was brought in by name, and a claim of somebody else does not keep her from her turn.
    """

    user_id: int
    state: str
    seat: int
    verdict: str = ""
    rank: int = 0
    weight: int = 1
    parts: Collection[int] = (0,)
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """What the words make of a step, and the accounts whose turn it is."""

    outcome: Outcome
    turn: frozenset[int]
    approvals: int = 0
    needed: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class _Seat:
    verdict: str
    weight: int
    parts: frozenset[int]
    next_user: int | None
    past_claims: bool
    claimed: bool


def count(step: Step, works: Iterable[Work]) -> Count:
    """What the words make of ``step``; works that are cancelled or recused do not count.

    Any: the first word decides. All, in order: everyone must approve, one refusal ends it. Quorum: approvals reach the
    share of the seats' weight with every required part among them, or can no longer reach it.
    """
    live = [work for work in works if work.state in LIVE_WORK]
    seats = _seats(live)
    if not seats:
        return Count("empty", frozenset())
    total = sum(seat.weight for seat in seats)
    needed = _needed(step, total)
    approvals = sum(seat.weight for seat in seats if seat.verdict == APPROVE)
    refusals = sum(seat.weight for seat in seats if seat.verdict == REJECT)
    outcome = _outcome(
        step, seats, approvals >= needed, total - refusals < needed or (step.how == "any" and refusals > 0)
    )
    return Count(outcome, _turn(step, seats) if outcome == "open" else frozenset(), approvals, needed, total)


def _outcome(step: Step, seats: Sequence[_Seat], enough: bool, hopeless: bool) -> Outcome:
    missing, lost = _required(step, seats)
    if enough and not missing:
        return "passed"
    if hopeless or lost or all(seat.verdict for seat in seats):
        return "refused"
    return "open"


def _required(step: Step, seats: Sequence[_Seat]) -> tuple[bool, bool]:
    """Whether a required part has not approved yet, and whether one no longer can."""
    if step.how != "quorum":
        return False, False
    words = [
        [seat.verdict for seat in seats if part in seat.parts] for part, who in enumerate(step.who) if who.required
    ]
    missing = [said for said in words if said and APPROVE not in said]
    return bool(missing), any(all(one == REJECT for one in said) for said in missing)


def _turn(step: Step, seats: Sequence[_Seat]) -> frozenset[int]:
    """The next of each seat; of a claimed one alone, and of those that a claim does not hold up."""
    waiting = [seat for seat in seats if seat.next_user is not None]
    if any(seat.claimed for seat in waiting):
        waiting = [seat for seat in waiting if seat.claimed or seat.past_claims]
    users = [seat.next_user for seat in waiting if seat.next_user is not None]
    return frozenset(users[:1] if step.how == "in_order" else users)


def _needed(step: Step, total: int) -> int:
    if step.quorum is not None:
        return step.quorum.of(total)
    return total if step.how in ("all", "in_order") else 1


def _seats(live: Sequence[Work]) -> list[_Seat]:
    ordered = sorted(live, key=lambda work: (work.seat, work.rank))
    return [_seat(list(chain)) for _, chain in groupby(ordered, key=lambda work: work.seat)]


def _seat(chain: Sequence[Work]) -> _Seat:
    """A refusal anywhere refuses; it approves when all of the chain have."""
    words = [work.verdict for work in chain if work.state == "done"]
    refused, complete = REJECT in words, len(words) == len(chain)
    following = None if refused else next((work for work in chain if work.state != "done"), None)
    verdict = REJECT if refused else APPROVE if complete else ""
    return _Seat(
        verdict,
        max(work.weight for work in chain),
        frozenset(part for work in chain for part in work.parts),
        following.user_id if following else None,
        following is not None and following.heard,
        any(work.state == "claimed" for work in chain),
    )


def chain(giver: int, instead: Mapping[int, int]) -> list[int]:
    """To whom an absent account's work goes, and on from there; ``instead``: giver and receiver of delegations."""
    found: list[int] = []
    while (giver := instead.get(giver, 0)) and giver not in found and len(found) < LONGEST_CHAIN:
        found.append(giver)
    return found


def _node(definition: Definition, key: str) -> list[Node]:
    way = trail(definition, key)
    return [way[-1][0][way[-1][1]]] if way else []


def _inner(node: Node) -> set[str]:
    return keys(one for path in node.paths for one in path.steps) if isinstance(node, Fork) else set()


def _steps(node: Node) -> list[Step]:
    if isinstance(node, Step):
        return [node]
    return [step for path in node.paths for one in path.steps for step in _steps(one)]


def _value(stored: Any, kind: cel.Kind) -> cel.Value:
    value: cel.Value = stored
    return value if stored is None or kind != "number" else Decimal(str(stored))
