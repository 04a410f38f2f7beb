"""Rules and deeds made up for tests."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.rules import engine
from scoring.rules.candidates import Candidate
from scoring.rules.engine import Award, Facts, People
from scoring.rules.sequence import History, Result, sequence
from scoring.rules.spec import Rulebook, RuleSpec

A_DAY = date(2025, 3, 5)
TREES = {"kind": "per_unit", "points": 3, "unit": "棵", "most": 100}


def rule(**changes: Any) -> RuleSpec:
    """A positive rule of two points, with ``changes``."""
    return RuleSpec.model_validate(
        {
            "code": "md-03",
            "sign": "positive",
            "category": "美丽建设",
            "matter": "植树",
            "title": "植树",
            "text": "参与植树",
            "amount": {"kind": "fixed", "points": 2, "per": "次"},
            "source": {"section": "测试"},
            **changes,
        }
    )


def worth(points: int | str, **changes: Any) -> RuleSpec:
    """A rule of so many points."""
    return rule(amount={"kind": "fixed", "points": points}, **changes)


def book(*rules: RuleSpec, shared: Sequence[dict[str, Any]] = (), **settings: Any) -> Rulebook:
    """A rulebook of ``rules``; ``shared`` are the limits of its one category."""
    category = {"name": "美丽建设", "limits": list(shared)}
    items = [item.model_dump(mode="json") for item in rules]
    return Rulebook.model_validate({"categories": [category], "rules": items, "settings": settings})


def told(spec: RuleSpec, **facts: Any) -> Award:
    """What the rule gives for a deed of a day in March."""
    people = facts.pop("people", None)
    return engine.price(
        spec, Facts(**{"date": A_DAY, **facts, "people": People(**people) if isinstance(people, dict) else people})
    )


def deed(spec: RuleSpec, day: date = A_DAY, *, points: int | str | None = None, **more: Any) -> Candidate:
    """A deed of 张家 in 一村; ``facts`` are what the engine is told, ``points`` what the committee found."""
    facts = Facts(date=day, **more.pop("facts", {}))
    where = {"household": "张家", "village": "一村", "key": more.pop("key", day.isoformat()), **more}
    found = None if points is None else Decimal(points)
    return Candidate(rule=spec, date=day, award=engine.price(spec, facts), points=found, **where)


def run(deeds: Sequence[Candidate], history: History | None = None) -> list[Result]:
    """The results in the order of ``deeds``, each of which gets a key of its own."""
    keyed = [Candidate(**{**_fields(item), "key": f"{place:03d}"}) for place, item in enumerate(deeds)]
    return sorted(sequence(keyed, history), key=lambda result: result.key)


def points(results: Sequence[Result]) -> list[Decimal]:
    return [result.award.points for result in results]


def _fields(item: Candidate) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Candidate.__dataclass_fields__}
