"""What a form that asks for photos already has."""

from typing import Any

from django import template

from scoring.web import photos

register = template.Library()


@register.simple_tag(takes_context=True)
def sent_photos(context: dict[str, Any]) -> list[photos.Photo]:
    """The uploads that came with the form: a refused one shows them again, and sends them again."""
    return photos.sent(context["request"])
