"""The town's lists over points that were not published: how a rulebook that is only tried would fill them.

The same rules as on the quarter's notice, over all days of the trial at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reporting import policies, snapshots
from reporting.errors import PolicyMissing
from reporting.policies import ReportingPolicy
from reporting.ranking import Standing, Sums, rank, top_share
from scoring.ports import Listed, Tally
from scoring.rules.base import plain
from scoring.rules.policy import ListRule

NONE = "本镇不设"
TOLD = {"gross_positive": "正积分", "gross_negative": "负积分", "net": "总积分"}


@dataclass(frozen=True, slots=True)
class TownLists:
    """``scoring.ports.ListRules`` of a town's choice."""

    policy: ReportingPolicy

    @property
    def words(self) -> Mapping[str, str]:
        return {"red": _told(self.policy.lists.red), "black": _told(self.policy.lists.black), "honours": self._honours}

    @property
    def _honours(self) -> str:
        share = self.policy.honour_share(town=False)
        if share is None:
            return NONE
        barred = self.policy.honours.barred_below
        below = "" if barred is None else f"，低于{plain(barred)}分的不评"
        return f"总积分排名前{plain(share * 100)}%{below}"

    def of(self, village: Sequence[Tally]) -> Listed:
        """Who stands where among the households of one village."""
        standings = [_standing(one) for one in village]
        return Listed(self._coloured("red", standings), self._coloured("black", standings), self._first(standings))

    def _coloured(self, colour: str, standings: Sequence[Standing]) -> frozenset[int]:
        rule = self.policy.lists.red if colour == "red" else self.policy.lists.black
        if rule is None or rule.subject != "household":
            return frozenset()
        return frozenset(row.standing.id for row in snapshots.list_rows(self.policy, colour, standings))

    def _first(self, standings: Sequence[Standing]) -> frozenset[int]:
        share, barred = self.policy.honour_share(town=False), self.policy.honours.barred_below
        if share is None:
            return frozenset()
        placed = rank(standings, measure="net", basis="cumulative")
        first = [row for row in top_share(placed, share) if row.points > 0]
        return frozenset(row.standing.id for row in first if barred is None or row.points >= barred)


def list_rules(day: date) -> TownLists | None:
    """The town's choice on ``day``; None when it has made none."""
    try:
        return TownLists(policies.on(day))
    except PolicyMissing:
        return None


def _standing(one: Tally) -> Standing:
    sums = Sums(one.positive, one.negative)
    return Standing(one.household, one.household, one.village, one.number, "", sums, sums, one.barred)


def _told(rule: ListRule | None) -> str:
    if rule is None or rule.visibility == "off":
        return NONE
    if rule.subject != "household":
        return f"“{rule.name}”按个人排，这里不试算"
    return f"“{rule.name}”：{TOLD[rule.measure]}{'最高' if rule.order == 'highest' else '最低'}的{rule.size}户"
