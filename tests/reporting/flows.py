"""Flows that a town may choose for objections and notices, and who says a word in them."""

from typing import Any

from jifen.accounts.models import User
from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.kernel.actors import SYSTEM, Actor

COMMITTEE: dict[str, Any] = {"name": "村里核实", "who": {"role": "committee"}, "empty": "office"}
OFFICE: dict[str, Any] = {"name": "镇里核定", "who": {"role": "town_officer"}}


def choose(kind: str, *steps: dict[str, Any]) -> None:
    approvals.install(subject_kind=kind, steps=list(steps), by=SYSTEM)


def who(name: str) -> Actor:
    return Actor.of(User.objects.get(display_name=name))


def item() -> Item:
    return Item.objects.exclude(subject_kind__in=["declaration", "review"]).latest("pk")


def say(name: str, verdict: str = "approve", reason: str = "经走访核实。") -> Item:
    return approvals.decide(item=item(), verdict=verdict, reason=reason, by=who(name))
