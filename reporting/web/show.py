"""A notice as pages show it: names by the consent of today, own rows marked."""

from collections.abc import Collection
from datetime import date
from typing import Any

from jifen.kernel import clock
from jifen.web.wording import date_cn
from reporting import addresses, cuts
from reporting.models import ListRow, Notice
from reporting.selectors import names, notices
from reporting.snapshots import BASIS_WORDS, MEASURE_WORDS, Json, listed_parts

FOLDED = 6
"""Places of a ranking that are seen before it is unfolded."""


def content(notice: Notice, own: Collection[int] = ()) -> dict[str, Any]:
    """For ``reporting/parts/body.html``; ``own`` are the reader's households."""
    return body(notice.snapshot, own) | {
        "notice": notice,
        "is_open": notices.is_open(notice, clock.today()),
        "takes_objections": clock.today() <= notice.objections_until,
        "differences": list(notice.differences.all()),
        "address": addresses.notice(notice),
    }


def body(kept: Json, own: Collection[int] = ()) -> dict[str, Any]:
    """What a snapshot says, of a notice or of its draft."""
    snapshot = names.as_of(kept, clock.today())
    rankings = snapshot.get("rankings", [])
    changes = [{**row, "date": _day(row["date"])} for row in snapshot.get("changes", [])]
    return {
        "header": snapshot["header"],
        "summary": snapshot.get("summary"),
        "lists": [
            {**part, "colour": colour, "word": MEASURE_WORDS[part["measure"]]}
            for colour, part in listed_parts(snapshot)
        ],
        "rankings": [_folded(part) for part in rankings],
        "changes": changes,
        "grants": snapshot.get("grants", []),
        "goods": snapshot.get("goods", []),
        "villages": snapshot.get("villages", []),
        "corrects": snapshot.get("corrects"),
        "reason": snapshot.get("reason", ""),
        "own": set(own),
        "mine": _mine(rankings, own),
        "own_changes": [row for row in changes if row["household"] in own],
    }


def _day(kept: str) -> str:
    """A snapshot keeps days as ISO writes them, and withholds some."""
    return date_cn(date.fromisoformat(kept)) if kept else ""


def internal_rows(notice: Notice) -> list[ListRow]:
    """The black list, for those who work with it, when the wall does not show it."""
    shown = notice.snapshot["lists"].get("black", {}).get("rows")
    if shown:
        return []
    rows = notice.list_rows.filter(colour="black").select_related("household__village", "household__head")
    return list(rows.order_by("position", "household__number"))


def _mine(rankings: list[Json], own: Collection[int]) -> list[Json]:
    """The reader's own places, before all the others'."""
    return [
        {"title": part["title"], "place": row["place"], "points": row["points"], "name": row["name"]}
        for part in rankings
        for row in part["rows"]
        if row["household"] in own
    ]


def _folded(part: Json) -> Json:
    basis = BASIS_WORDS[part["basis"]]
    halves = {"first": part["rows"][:FOLDED], "rest": part["rows"][FOLDED:]}
    return {**part, **halves, "basis_word": basis, "unit": cuts.unit(part), "cut_words": cuts.told(part)}
