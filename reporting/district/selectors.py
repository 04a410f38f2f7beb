"""Reads the district's own tables; never a town's schema."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from jifen.kernel import clock, reading
from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import grants_of
from reporting.district.figures import MONTHS, Counts, Month, Overview, TownLine, VillageLine
from reporting.district.models import LedgerFigure, VillageFigure, YearFigure
from reporting.district.permissions import DistrictPermission
from tenants.models import Town, TownState

COUNTERS = ("red", "black", "notices", "objections", "objections_overdue", "redemptions", "redeemed")
"""Keys of ``delta`` messages that are fields of ``Counts``."""


class TownForeign(NotFound):
    code = "town_foreign"
    message = "没有这个镇，或者它不属于您所在的区。"


class YearUnknown(NotFound):
    code = "year_unknown"
    message = "这一年还没有记过账。现在可以看：{years}。"


class VillageForeign(NotFound):
    code = "village_foreign"
    message = "这个镇没有这个村。"


def towns_for(user: Any) -> QuerySet[Town]:
    """The towns of the districts that ``user`` reads."""
    districts = grants_of(user).scope(DistrictPermission.READ, "district")
    rows: QuerySet[Town] = Town.objects.exclude(state=TownState.PROVISIONING).order_by("code")
    return rows if districts is None else rows.filter(district__in=districts)


def town_for(user: Any, code: str) -> Town:
    """Raises:
    TownForeign: no such town in a district that ``user`` reads.
    """
    town = towns_for(user).filter(code=code).first()
    if town is None:
        raise TownForeign
    return town


def years(towns: Iterable[Town]) -> list[int]:
    """The years in which deeds of these towns were posted, newest first; this year before the first posting."""
    posted = LedgerFigure.objects.filter(cause="declaration", town__in=[town.schema_name for town in towns])
    found = posted.order_by("-year").values_list("year", flat=True).distinct()
    return list(found) or [clock.today().year]


def year_asked(text: str, known: Sequence[int]) -> int:
    """The year that ``text`` names; the newest of ``known`` when it names none.

    Raises:
        YearUnknown: nothing was posted in it.
    """
    if not text:
        return known[0]
    asked = reading.year(text)
    if asked is None or asked not in known:
        raise YearUnknown(years="、".join(f"{year}年" for year in sorted(known)))
    return asked


def overview(towns: Iterable[Town], year: int) -> Overview:
    """Five queries, however many towns there are; a town that was opened later had no part in ``year``."""
    posted = set(LedgerFigure.objects.filter(year=year).values_list("town", flat=True).distinct())
    wanted = [town for town in towns if _opened(town) <= year or town.schema_name in posted]
    schemas = [town.schema_name for town in wanted]
    villages = _villages(schemas, year)
    lines = [TownLine(town.schema_name, town.code, town.name, villages[town.schema_name]) for town in wanted]
    return Overview(year, lines, months(year, schemas))


def _opened(town: Town) -> int:
    return town.created_at.astimezone(clock.TIME_ZONE).year


def village_in(line: TownLine, village_id: int) -> VillageLine:
    """Raises:
    VillageForeign: the town has no such village.
    """
    for village in line.villages:
        if village.id == village_id:
            return village
    raise VillageForeign


def months(year: int, schemas: Collection[str], village_id: int | None = None) -> list[Month]:
    """Merit posted month by month."""
    rows = LedgerFigure.objects.filter(year=year, town__in=schemas, measure="merit")
    if village_id is not None:
        rows = rows.filter(village_id=village_id)
    sums = rows.values("month").annotate(plus=Sum("positive"), minus=Sum("negative"))
    found = {row["month"]: Month(row["month"], row["plus"], row["minus"]) for row in sums}
    return [found.get(number, Month(number)) for number in MONTHS]


def _villages(schemas: Collection[str], year: int) -> defaultdict[str, list[VillageLine]]:
    ledger, posted, counters = _ledger(schemas, year), _posted(schemas, year), _counters(schemas, year)
    found: defaultdict[str, list[VillageLine]] = defaultdict(list)
    for row in VillageFigure.objects.filter(town__in=schemas).order_by("town", "village_id"):
        key = (row.town, row.village_id)
        counted = counters[key]
        counts = Counts(
            households=row.households,
            joined=row.joined,
            residents=row.residents,
            **ledger.get(key, {}),
            **{name: counted[name] for name in COUNTERS if name in counted},
        )
        early = counted.get("redeemed_before_october", 0) > 0
        line = VillageLine(row.town, row.village_id, row.name, counts, frozenset(posted[key]), early)
        found[row.town].append(line)
    return found


def _ledger(schemas: Collection[str], year: int) -> dict[tuple[str, int], dict[str, Any]]:
    rows = LedgerFigure.objects.filter(year=year, town__in=schemas, measure="merit").values("town", "village_id")
    sums = rows.annotate(
        entries=Sum("entries", default=0),
        plus=Sum("positive", default=Decimal(0)),
        minus=Sum("negative", default=Decimal(0)),
    )
    return {
        (row["town"], row["village_id"]): {
            "entries": row["entries"], "positive": row["plus"], "negative": row["minus"],
        }
        for row in sums
    }  # fmt: skip


def _posted(schemas: Collection[str], year: int) -> defaultdict[tuple[str, int], set[int]]:
    """The months in which deeds were posted."""
    reviewed = Q(cause="declaration", measure="merit")
    rows = LedgerFigure.objects.filter(reviewed, year=year, town__in=schemas)
    found: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for town, village_id, month in rows.values_list("town", "village_id", "month").distinct():
        found[town, village_id].add(month)
    return found


def _counters(schemas: Collection[str], year: int) -> defaultdict[tuple[str, int], dict[str, Any]]:
    found: defaultdict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for row in YearFigure.objects.filter(year=year, town__in=schemas):
        found[row.town, row.village_id][row.key] = row.value if row.key == "redeemed" else int(row.value)
    return found
