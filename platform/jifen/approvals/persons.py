"""People whom a thing itself names: its declarer, the head of the household it is about, whoever looks into it.

A kind lists them with the words of people; a step may ask them (``who: {field: declarer}``), or tell them. Pure: no
Django.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Like = Literal["starter", "person", "head", "none"]


@dataclass(frozen=True, slots=True)
class PersonField:
    """``stands_back``: whoever this is has no say in the thing (I11) and can only be told of it.

    ``like``: who it would be when a thing is only tried: whoever begins it, the person it is about, the head of her
    household. ``none``: the kind's ``would_name`` knows.
    """

    name: str
    like: Like
    stands_back: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A thing that does not exist yet. ``people``: the accounts that are known, by ``like``; an account or none."""

    village_id: int | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, set[int]] = field(default_factory=dict)
