"""What a notice says, as plain JSON, and its hash. Pure functions.

Rows keep the ids of household and resident so that a later withdrawal of consent can be honoured at display; no page
or API shows an id. Points are texts as people write them. Deductions never carry a name, a rule marked 不公开事由
never its title or its date (DESIGN §9).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from jifen.kernel.points import plain
from reporting.figures import Change, Figures, Names
from reporting.periods import Quarter
from reporting.policies import ReportingPolicy
from reporting.ranking import Basis, Measure, Placed, Standing, listed, rank

Json = dict[str, Any]

WITHHELD = "依规定不公开事由"
TOWN_RANKING_ROWS = 50
"""Places of each ranking on the town's own notice; a shortened one says so (``reporting.cuts``)."""
MEASURES: dict[str, Measure] = {"gross_positive": "positive", "gross_negative": "negative", "net": "net"}
MEASURE_WORDS = {"positive": "正积分", "negative": "负积分", "net": "总积分"}
BASIS_WORDS = {"quarter": "本季", "cumulative": "年度累计"}
SUBJECT_WORDS = {"household": "家庭户", "resident": "个人"}
_CAUSES = {"base_grant": "基础分", "opening": "期初积分", "declaration": "登记"}
_GRANTS = ("base_grant", "opening")


def canonical(snapshot: Json) -> bytes:
    """The one way to write a snapshot: keys sorted, no blanks, UTF-8."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(snapshot: Json) -> str:
    return sha256(canonical(snapshot)).hexdigest()


def essence(snapshot: Json) -> Json:
    """What those who approve a notice approve: every figure and place; not its dates, nor what consent may change."""
    return {key: _bare(value) for key, value in snapshot.items() if key != "header"}


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(part) for part in value]
    if isinstance(value, dict):
        return {key: _bare(part) for key, part in value.items() if key not in _PASSING}
    return value


_PASSING = ("name", "joined", "total")
"""Names follow the consent of the day, participation the roster of the day."""


@dataclass(frozen=True, slots=True)
class Header:
    """Whose notice it is and when it hangs."""

    town: str
    office: str
    village: str
    phone: str
    number: str
    title: str
    published_on: date
    closes_on: date
    objections_until: date

    def as_json(self) -> Json:
        texts = {name: getattr(self, name) for name in ("town", "office", "village", "phone", "number", "title")}
        days = ("published_on", "closes_on", "objections_until")
        return {**texts, **{name: getattr(self, name).isoformat() for name in days}}


def village_quarter(header: Header, quarter: Quarter, policy: ReportingPolicy, figures: Figures) -> Json:
    """The four rankings of seed 000 (or those the scheme names), the lists and the quarter's changes."""
    return {
        **_head("village_quarter", header, quarter, figures),
        "rankings": _rankings(policy, figures),
        "lists": lists(policy, figures),
        "changes": [_change(change, figures.names) for change in figures.changes if change.cause not in _GRANTS]
        if policy.notice.changes
        else [],
        "grants": _grants(figures.changes),
        "goods": [
            {"name": row.name, "quantity": int(row.quantity), "points": plain(row.points)} for row in figures.goods
        ],
    }


def town_quarter(
    header: Header, quarter: Quarter, policy: ReportingPolicy, figures: Figures, villages: list[Json]
) -> Json:
    """The town's own notice (seed 002): all villages side by side, the town's lists and first places."""
    return {
        **_head("town_quarter", header, quarter, figures),
        "rankings": _rankings(policy, figures, limit=TOWN_RANKING_ROWS),
        "lists": lists(policy, figures),
        "villages": villages,
    }


def difference(
    header: Header, corrects: Json, reason: str, changes: Iterable[Change], names: Names, lists_: Json
) -> Json:
    """What a later correction changes in a published notice; ``lists_`` are the lists as they should have read."""
    return {
        "kind": "difference",
        "header": header.as_json(),
        "corrects": corrects,
        "reason": reason,
        "changes": [_change(change, names) for change in changes],
        "lists": lists_,
    }


def lists(policy: ReportingPolicy, figures: Figures) -> Json:
    """Red and black list as the wall shows them; an internal list tells only that it exists."""
    found: Json = {}
    for colour, rule in (("red", policy.lists.red), ("black", policy.lists.black)):
        if rule is None or rule.visibility == "off":
            continue
        rows = list_rows(policy, colour, figures.households)
        head = {"name": rule.name, "size": rule.size, "measure": MEASURES[rule.measure], "visibility": rule.visibility}
        shown = rows if rule.visibility == "public" else []
        found[colour] = {**head, "rows": [_listed(colour, row, figures) for row in shown]}
    return found


def corrected(now: Json, was: Json, names: Names) -> Json:
    """A list as it should have read, with those whom it named and names no more (``removed``)."""
    kept = {row["household"] for row in now["rows"]}
    gone = [row for row in was.get("rows", []) if row["household"] not in kept]
    removed = [{**row, "name": names.of(row["household"]) if row["name"] else ""} for row in gone]
    return {**now, "removed": removed}


def listed_parts(snapshot: Json) -> list[tuple[str, Json]]:
    """``(colour, list)`` to be shown; a correction's also when nobody is left on it."""
    parts = snapshot["lists"].items()
    return [(colour, part) for colour, part in parts if part["rows"] or "corrects" in snapshot]


def _listed(colour: str, row: Placed, figures: Figures) -> Json:
    """A black list's row says why, never who by name."""
    if colour == "red":
        return _placed(row, figures)
    own = [change for change in figures.changes if change.household_id == row.standing.id and change.points < 0]
    events = dict.fromkeys(change.title for change in own if change.title and not change.is_sensitive)
    return {**_placed(row, figures, named=False), "events": list(events)}


def list_rows(policy: ReportingPolicy, colour: str, households: Iterable[Standing]) -> list[Placed]:
    """Who stands on the ``red`` or ``black`` list of the quarter; nobody where the town has none.

    A red list is an honour: whom a deed barred from honours is left off.
    """
    rule = policy.lists.red if colour == "red" else policy.lists.black
    if rule is None or rule.visibility == "off":
        return []
    admitted = [row for row in households if colour != "red" or not row.barred]
    return listed(admitted, size=rule.size, measure=MEASURES[rule.measure], order=rule.order)


def list_measures(policy: ReportingPolicy) -> list[tuple[str, Measure]]:
    """``(colour, measure)`` of the lists the town keeps."""
    rules = (("red", policy.lists.red), ("black", policy.lists.black))
    return [(colour, MEASURES[rule.measure]) for colour, rule in rules if rule is not None]


def summary(figures: Figures) -> Json:
    """The quarter in five figures."""
    positive = sum((row.quarter.positive for row in figures.households), Decimal(0))
    negative = sum((row.quarter.negative for row in figures.households), Decimal(0))
    return {
        "joined": figures.participation.joined,
        "total": figures.participation.total,
        "entries": sum(change.cause not in _GRANTS for change in figures.changes),
        "positive": plain(positive),
        "negative": plain(negative),
    }


def _head(kind: str, header: Header, quarter: Quarter, figures: Figures) -> Json:
    period = {"year": quarter.year, "quarter": quarter.number, "title": quarter.title}
    return {"kind": kind, "header": header.as_json(), "period": period, "summary": summary(figures)}


def _rankings(policy: ReportingPolicy, figures: Figures, limit: int | None = None) -> list[Json]:
    return [_ranking(name, basis, figures, limit) for name in policy.notice.rankings for basis in policy.notice.bases]


def _ranking(name: str, basis: Basis, figures: Figures, limit: int | None) -> Json:
    subject, _, word = name.partition("_")
    measure: Measure = "positive" if word == "positive" else "negative" if word == "negative" else "net"
    standings = figures.households if subject == "household" else figures.residents
    everybody = rank(standings, measure=measure, basis=basis)
    placed = [row for row in everybody if limit is None or row.place <= limit]
    rows = [_placed(row, figures, resident=subject == "resident", named=measure != "negative") for row in placed]
    title = f"{SUBJECT_WORDS[subject]}{MEASURE_WORDS[measure]}排名（{BASIS_WORDS[basis]}）"
    found = {"subject": subject, "measure": measure, "basis": basis, "title": title, "rows": rows}
    return found | {"cut": {"places": limit, "of": len(everybody)}} if len(placed) < len(everybody) else found


def _placed(row: Placed, figures: Figures, *, resident: bool = False, named: bool = True) -> Json:
    standing = row.standing
    who = standing.id if resident else None
    told: Json = {
        "place": row.place,
        "household": standing.household_id,
        "number": standing.number,
        "group": standing.group,
        "name": figures.names.of(standing.household_id, who) if named else "",
        "points": plain(row.points),
    }
    if resident:
        told["resident"] = who
    if figures.villages:
        told["village"] = figures.villages[standing.village_id]
    return told


def _change(change: Change, names: Names) -> Json:
    withheld = change.is_sensitive
    title = WITHHELD if withheld else change.title or _CAUSES.get(change.cause, "")
    return {
        "posting": change.posting_id,
        "date": "" if withheld else change.happened_on.isoformat(),
        "household": change.household_id,
        "resident": change.resident_id,
        "number": change.number,
        "group": change.group,
        "name": names.of(change.household_id, change.resident_id) if change.points > 0 and not withheld else "",
        "title": f"更正：{title}" if change.is_correction else title,
        "points": plain(change.points),
    }


def _grants(changes: Iterable[Change]) -> list[Json]:
    """Base points and opening balances in one line each, not household by household."""
    found = []
    for cause in _GRANTS:
        points = [change.points for change in changes if change.cause == cause]
        if points:
            found.append({"title": _CAUSES[cause], "count": len(points), "points": plain(sum(points, Decimal(0)))})
    return found
