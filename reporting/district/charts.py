"""Figures as the chart component wants them."""

from collections.abc import Sequence
from typing import Any

from reporting.district.figures import TARGET, Month, Overview


def of(whole: Overview) -> dict[str, Any]:
    return {"monthly": monthly(whole.months), "participation": participation(whole)}


def monthly(months: Sequence[Month]) -> dict[str, Any]:
    return {
        "kind": "stack",
        "unit": "分",
        "categories": [f"{month.number}月" for month in months],
        "series": [
            {"name": "加分", "data": [float(month.positive) for month in months]},
            {"name": "扣分", "tone": "minus", "data": [-float(month.negative) for month in months]},
        ],
    }


def participation(whole: Overview) -> dict[str, Any]:
    """Every village's share in per cent, the lowest first, against the target line."""
    lines = sorted(whole.villages, key=lambda line: line.counts.share)
    return {
        "kind": "bar",
        "unit": "%",
        "target": float(TARGET * 100),
        "categories": [line.name for line in lines],
        "series": [{"name": "参与率", "data": [round(float(line.counts.share) * 100, 1) for line in lines]}],
    }
