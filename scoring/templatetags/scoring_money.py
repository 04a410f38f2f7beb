"""Money in fen as people read it."""

from decimal import Decimal

from django import template

from jifen.web import wording

register = template.Library()


@register.filter
def fen_yuan(fen: int) -> str:
    """``128050`` fen is ``¥1,280.50``."""
    return wording.yuan(Decimal(fen) / 100)
