"""A town's ranking stops after some places; this is how its notice says so. Pure functions."""

from typing import Any

Json = dict[str, Any]


def unit(part: Json) -> str:
    """How those in the ranking ``part`` are counted."""
    return "人" if part["subject"] == "resident" else "户"


def told(part: Json) -> str:
    """What a shortened ranking leaves out, in a sentence; empty where everybody stands in it.

    A snapshot made before cuts were written down says nothing of them.
    """
    if "cut" not in part:
        return ""
    cut, one = part["cut"], unit(part)
    return f"全镇共{cut['of']}{one}，只列前{cut['places']}名，计{len(part['rows'])}{one}；其余见各村（居）公示。"
