"""``{% load exchange %}``: money as it is stored."""

from decimal import Decimal

from django import template

from jifen.web.wording import yuan

register = template.Library()


@register.filter
def fen(value: int | None) -> str:
    """``128050`` fen is ``¥1,280.50``."""
    return "" if value is None else yuan(Decimal(value) / 100)
