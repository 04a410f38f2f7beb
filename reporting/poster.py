"""What a poster prints: a notice's snapshot as the typst templates want it."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.kernel.points import plain
from jifen.web import pdf
from jifen.web.wording import MINUS, date_cn
from reporting import cuts
from reporting.models import Notice
from reporting.snapshots import MEASURE_WORDS, Json, listed_parts

GROUPS_ON_A3 = 9
TIES = "同分的先比年度累计，再比扣分；还分不出先后又排不下的，都不列，不按户号挑选。"


def content(notice: Notice, *, url: str) -> dict[str, Any]:
    """Texts only: dates and points as people read them."""
    header, body = notice.snapshot["header"], notice.snapshot
    return {
        "kind": body["kind"],
        "town": header["town"],
        "office": header["office"],
        "place": header["village"] or header["town"],
        "phone": header["phone"],
        "number": header["number"],
        "title": header["title"],
        "period": body.get("period", {}).get("title", ""),
        "published": _day(header["published_on"]),
        "closes": _day(header["closes_on"]),
        "objections": _day(header["objections_until"]),
        "hash": notice.sha256[:16],
        "qr": pdf.qr_svg(url),
        "summary": body.get("summary", {}),
        "rankings": [_ranking(part) for part in body.get("rankings", [])],
        "lists": [_list(colour, part, corrected="corrects" in body) for colour, part in listed_parts(body)],
        "changes": [_change(row) for row in body.get("changes", [])],
        "by_rule": _by_rule(body.get("changes", [])),
        "grants": body.get("grants", []),
        "goods": body.get("goods", []),
        "villages": [_village(row) for row in body.get("villages", [])],
        "corrects": body.get("corrects", {}),
        "reason": body.get("reason", ""),
        "ties": TIES if any(part["rows"] for part in body["lists"].values()) else "",
    }


def _ranking(part: Json) -> Json:
    rows = [_row(row) for row in part["rows"]]
    return {
        "title": part["title"],
        "basis": part["basis"],
        "rows": rows,
        "has_group": part["subject"] == "household",
        "unit": cuts.unit(part),
        "cut": cuts.told(part),
    }


def _list(colour: str, part: Json, *, corrected: bool) -> Json:
    name = part["name"]
    return {
        "colour": colour,
        "name": f"更正后的{name}" if corrected else name,
        "rule": _list_rule(colour, part),
        "rows": [_row(row) for row in part["rows"]],
        "left": _left(part),
    }


def _left(part: Json) -> str:
    """Who is off the list since, and whether nobody is left; empty where nobody has gone."""
    gone = "、".join(f"{row['number']} {row['name']}".strip() for row in part.get("removed", []))
    empty = "" if part["rows"] else "更正后榜上没有人。"
    return empty + (f"更正后移出：{gone}。" if gone else "")


def _list_rule(colour: str, part: Json) -> str:
    """By what the list is made, in words: 按本季总积分由高到低，最多10户."""
    upward = colour == "black" and part["measure"] == "net"
    return f"按本季{MEASURE_WORDS[part['measure']]}由{'低到高' if upward else '高到低'}，最多{part['size']}户"


def _row(row: Json) -> Json:
    return {
        "place": str(row["place"]),
        "who": row["name"] or row["number"],
        "number": row["number"],
        "name": row["name"],
        "group": row.get("village") or row["group"],
        "points": _points(row["points"]),
        "events": "、".join(row.get("events", [])),
    }


def _change(row: Json) -> Json:
    return {
        "date": _short(row["date"]),
        "who": f"{row['number']} {row['name']}".strip(),
        "title": row["title"],
        "points": _points(row["points"], signed=True),
    }


def _by_rule(changes: list[Json]) -> list[Json]:
    """The quarter's changes in one line per rule, the most frequent first."""
    counts = Counter(row["title"] for row in changes)
    sums = {title: sum(Decimal(row["points"]) for row in changes if row["title"] == title) for title in counts}
    shown = counts.most_common(GROUPS_ON_A3)
    lines = [
        {"title": title, "count": count, "points": _points(plain(sums[title]), signed=True)} for title, count in shown
    ]
    rest = len(changes) - sum(count for _, count in shown)
    return [*lines, {"title": "其他", "count": rest, "points": ""}] if rest else lines


def _village(row: Json) -> Json:
    share = f"{round(100 * row['joined'] / row['total'])}%" if row["total"] else "—"
    return {**row, "share": share}


def _points(text: str, *, signed: bool = False) -> str:
    if text.startswith("-"):
        return MINUS + text[1:]
    return f"+{text}" if signed and text != "0" else text


def _day(text: str) -> str:
    return date_cn(date.fromisoformat(text))


def _short(text: str) -> str:
    if not text:
        return "—"
    day = date.fromisoformat(text)
    return f"{day.month}月{day.day}日"
