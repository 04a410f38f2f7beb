"""评优: who stands where in the year, who is in the first share, who is barred. Proposals; people decide."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jifen.kernel import clock
from jifen.kernel.points import plain
from reporting import policies
from reporting.models import ListRow, NoticeKind
from reporting.periods import Quarter
from reporting.policies import ReportingPolicy
from reporting.ranking import Placed, rank, top_share
from reporting.selectors import standings


@dataclass(frozen=True, slots=True)
class Candidate:
    place: int
    household_id: int
    village_id: int
    number: str
    group: str
    points: Decimal
    reds: int
    in_share: bool
    barred: bool
    why: str


@dataclass(frozen=True, slots=True)
class Honours:
    """``share`` of the ranking is rewarded or recommended; below ``barred_below`` points there is no title, nor for
    whom a deed barred from them at the year's end."""

    year: int
    share: Decimal | None
    barred_below: Decimal | None
    titles: tuple[str, ...]
    candidates: Sequence[Candidate]

    @property
    def first(self) -> list[Candidate]:
        return [one for one in self.candidates if one.in_share and not one.barred]


def of(year: int, village_id: int | None = None) -> Honours:
    """The year so far, of one village or of the whole town."""
    policy = policies.on(clock.today())
    villages = None if village_id is None else [village_id]
    households = standings.at_end_of(Quarter(year, 4), villages).households
    placed = rank(households, measure="net", basis="cumulative")
    share = _share(policy, town=village_id is None)
    first = {row.standing.id for row in top_share(placed, share)} if share else set()
    reds, limit = _reds(year), policy.honours.barred_below
    return Honours(
        year,
        share,
        limit,
        tuple(title.name for title in policy.honours.titles),
        [_candidate(row, reds[row.standing.id], row.standing.id in first, limit) for row in placed],
    )


def _candidate(row: Placed, reds: int, in_share: bool, limit: Decimal | None) -> Candidate:
    who = row.standing
    below = limit is not None and row.points < limit
    why = "按细则取消评优资格" if who.barred else f"未满 {plain(limit)} 分" if below and limit is not None else ""
    return Candidate(
        row.place, who.id, who.village_id, who.number, who.group, row.points, reds, in_share, below or who.barred, why
    )


def _share(policy: ReportingPolicy, *, town: bool) -> Decimal | None:
    """Seed 001 rewards the first 5 % of a village, seed 003 recommends the first 10 % to the town."""
    titles = [title.top_share for title in policy.honours.titles if title.top_share]
    found = titles if town else [policy.lists.reward_share, *titles]
    return next((share for share in found if share), policy.lists.reward_share)


def _reds(year: int) -> Counter[int]:
    """How often each household stood on its village's red list."""
    rows = ListRow.objects.filter(notice__year=year, notice__kind=NoticeKind.VILLAGE_QUARTER, colour="red")
    return Counter(rows.values_list("household_id", flat=True))
