"""How many approvals a flow needs (pure: no Django)."""

from typing import Any, Protocol

from jifen.approvals.definition import Definition, Step, parse


class HasSteps(Protocol):
    steps: Any


def sitting(flow: HasSteps) -> Step:
    """The step of ``flow`` that a committee decides together: the first with a quorum, else the first."""
    return deciding(parse(flow.steps))


def deciding(definition: Definition) -> Step:
    """``sitting``, of what a flow says."""
    steps = list(definition.all_steps())
    return next((step for step in steps if step.quorum), steps[0])


def needed(flow: HasSteps, seats: int) -> int:
    """How many of ``seats`` must take part in or approve what ``flow`` decides by quorum.

    A flow without a quorum step needs all seats when a step asks for all, else one.
    """
    steps = list(parse(flow.steps).all_steps())
    fractions = [step.quorum for step in steps if step.quorum]
    if fractions:
        return max(fraction.of(seats) for fraction in fractions)
    return max(seats, 1) if any(step.how in ("all", "in_order") for step in steps) else 1
