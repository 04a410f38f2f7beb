"""One figure out of several people's marks."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Any

from scoring.rules.base import plain, settled
from scoring.rules.errors import RatingInvalid
from scoring.rules.facts import Undecided, number
from scoring.rules.spec import Rating
from scoring.rules.spec_sources import RATER_NAMES, RaterPart
from scoring.rules.steps import Step, about


def figure(rating: Rating, sent: Mapping[str, Sequence[Any]]) -> tuple[Decimal, Step]:
    """The weighted figure, exact, and how it came about; Undecided when marks are missing."""
    unknown = sorted(set(sent) - {part.who for part in rating.parts})
    if unknown:
        raise RatingInvalid(f"这一条不由{'、'.join(RATER_NAMES.get(who, who) for who in unknown)}打分，请去掉。")
    found = [(part, _marks(rating, part, sent.get(part.who, ()))) for part in rating.parts]
    means = [(part, len(marks), _middle(rating.method, marks)) for part, marks in found]
    total = settled(sum((part.weight * mean for part, _, mean in means), Decimal(0)))
    told = tuple((RATER_NAMES[part.who], count, about(settled(mean))) for part, count, mean in means)
    return total, ("rated", told, about(total))


def _marks(rating: Rating, part: RaterPart, sent: Sequence[Any]) -> list[Decimal]:
    name = RATER_NAMES[part.who]
    if not isinstance(sent, list | tuple):
        raise RatingInvalid(f"{name}：应当是一组分数。")
    marks = [number(mark, RatingInvalid, name) for mark in sent]
    if any(not rating.least <= mark <= rating.most for mark in marks):
        raise RatingInvalid(f"{name}的分数应在{plain(rating.least)}至{plain(rating.most)}之间。")
    if len(marks) < part.least:
        raise Undecided(f"{name}还差{part.least - len(marks)}份")
    return marks


def _middle(method: str, marks: list[Decimal]) -> Decimal:
    if method == "median":
        return Decimal(median(marks))
    if method == "middle" and len(marks) > 2:
        marks = sorted(marks)[1:-1]
    return sum(marks, Decimal(0)) / len(marks)
