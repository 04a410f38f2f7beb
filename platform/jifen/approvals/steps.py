"""The steps of a flow and what votes make of them (pure: no Django)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from jifen.approvals.errors import StepsWrong
from jifen.approvals.shares import Fraction
from jifen.kernel import cel

How = Literal["any", "all", "quorum"]
Outcome = Literal["open", "passed", "refused"]
_APPROVE = "approve"


class Who(BaseModel):
    """Who decides: holders of a role, of a seat, or one named account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: str | None = None
    seat: str | None = None
    user: int | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> "Who":
        if sum(value is not None for value in (self.role, self.seat, self.user)) != 1:
            raise ValueError("办理人要在职责、席位、指定账号中选一种")
        return self


class Step(BaseModel):
    """One step: ``when`` is a CEL condition over the subject's facts, empty for always."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    who: Who
    how: How = "any"
    quorum: Fraction | None = None
    when: str = ""

    @model_validator(mode="after")
    def quorum_is_given(self) -> "Step":
        if (self.how == "quorum") != (self.quorum is not None):
            raise ValueError("票签的步骤要写明通过比例,其他步骤不写")
        return self


_STEPS = TypeAdapter(list[Step])


@dataclass(frozen=True, slots=True)
class Vote:
    user_id: int
    verdict: str


def parse(steps: Any) -> list[Step]:
    """Raises:
    StepsWrong: says which step and why.
    """
    try:
        found = _STEPS.validate_python(steps)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = first["loc"][0] if first["loc"] else ""
        number = f"第{place + 1}步" if isinstance(place, int) else "步骤"
        raise StepsWrong(reason=f"{number}:{_reason(first)}") from wrong
    if not found:
        raise StepsWrong(reason="至少要有一步")
    return found


def check_conditions(steps: Sequence[Step], facts: Mapping[str, cel.Kind]) -> None:
    """Raises:
    ExpressionInvalid: a condition is not acceptable over these facts.
    """
    for step in steps:
        if step.when:
            cel.compile_expression(step.when, facts, condition=True)


def applies(step: Step, facts: Mapping[str, Any], kinds: Mapping[str, cel.Kind]) -> bool:
    """Whether the step is needed for a subject with ``facts`` (as stored: numbers may be text)."""
    if not step.when:
        return True
    values = {name: _value(facts.get(name), kind) for name, kind in kinds.items()}
    return cel.compile_expression(step.when, kinds, condition=True).holds(values)


def next_step(steps: Sequence[Step], start: int, facts: Mapping[str, Any], kinds: Mapping[str, cel.Kind]) -> int | None:
    """The number of the first step from ``start`` on that applies."""
    return next((number for number in range(start, len(steps)) if applies(steps[number], facts, kinds)), None)


def outcome(step: Step, votes: Iterable[Vote], seats: Iterable[int]) -> Outcome:
    """What the votes make of the step; ``seats`` are the accounts that may vote, without the recused.

    Any: the first word counts. All: everyone must approve, one refusal ends it. Quorum: approvals reach the fraction of
    the seats, or can no longer reach it.
    """
    entitled = set(seats)
    counted = {vote.user_id: vote.verdict for vote in votes if vote.user_id in entitled}
    approvals = sum(verdict == _APPROVE for verdict in counted.values())
    needed = _needed(step, len(entitled))
    if approvals >= needed:
        return "passed"
    refusals = len(counted) - approvals
    return "refused" if len(entitled) - refusals < needed or (step.how == "any" and refusals) else "open"


def _needed(step: Step, seats: int) -> int:
    if step.quorum is not None:
        return step.quorum.of(seats)
    return max(seats, 1) if step.how == "all" else 1


def _reason(error: Any) -> str:
    """Our own texts as they are, pydantic's by the field they are about."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return f"“{'.'.join(map(str, error['loc'][1:]))}”填写不对"


def _value(stored: Any, kind: cel.Kind) -> cel.Value:
    value: cel.Value = stored
    return value if stored is None or kind != "number" else Decimal(str(stored))
