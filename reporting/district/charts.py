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
    """Every known share in per cent, the lowest first, against the target line; villages below it stand apart."""
    known = [line for line in whole.villages if line.counts.is_known]
    lines = sorted(known, key=lambda line: line.counts.share)
    shares = [(line.counts.short, round(float(line.counts.share) * 100, 1)) for line in lines]
    return {
        "kind": "stack",
        "unit": "%",
        "target": float(TARGET * 100),
        "categories": [line.name for line in lines],
        "series": [
            {"name": "已达标", "data": [None if short else share for short, share in shares]},
            {"name": "未达标", "data": [share if short else None for short, share in shares]},
        ],
    }
