"""``{% load jifen %}``: the components of the design system. The style guide shows each one."""

import json
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import segno
from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jifen.kernel import masking
from jifen.web import wording
from jifen.web.states import state_of

register = template.Library()

register.filter("date_cn", wording.date_cn)
register.filter("datetime_cn", wording.datetime_cn)
register.filter("moment_cn", wording.moment_cn)
register.filter("period_cn", wording.period_cn)
register.filter("yuan", wording.yuan)
register.filter("sentence", wording.sentence)
register.filter("without_code", wording.without_code)
register.filter("percent", wording.percent)
register.filter("grouped", wording.grouped)
register.filter("masked_phone", masking.phone)


@register.filter("points")
def points_filter(value: Any, sign: str = "") -> str:
    """``46``, ``3.2``; with ``"+"`` also ``+2``."""
    return wording.points_text(value, signed=sign == "+")


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """Decoration only: the word beside it carries the meaning. Names: ``jifen.local.assets.ICONS``."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false"><use href="{1}#{2}"/></svg>',
        size,
        static("vendor/tabler-icons/sprite.svg"),
        name,
    )


@register.simple_block_tag
def page_header(content: str, title: str, subtitle: str = "", back: str = "", eyebrow: str = "") -> str:
    """The page's one ``h1``; what stands inside the tag are its actions."""
    return _part("page_header", content=content, title=title, subtitle=subtitle, back=back, eyebrow=eyebrow)


@register.simple_block_tag
def card(
    content: str, title: str = "", subtitle: str = "", link: str = "", link_label: str = "全部", flush: bool = False
) -> str:
    """``flush`` lets a table run to the edges."""
    return _part("card", content=content, title=title, subtitle=subtitle, link=link, link_label=link_label, flush=flush)


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: str = "") -> str:
    """``tone``: info, good, wait, bad."""
    return _part("alert", content=content, tone=tone, title=title)


@register.simple_block_tag
def table(content: str, caption: str = "", stack: bool = True) -> str:
    """Around ``thead`` and ``tbody``. On a phone a row becomes a card, labelled by the heads (``tables.js``)."""
    return _part("table", content=content, caption=caption, stack=stack)


@register.simple_block_tag
def filter_bar(content: str, action: str = "", target: str = "", label: str = "查询") -> str:
    """A GET form; with ``target`` htmx replaces that part of the page."""
    return _part("filter_bar", content=content, action=action, target=target, label=label)


@register.simple_block_tag
def panel(content: str, title: str, hint: str = "", size: str = "", link: str = "") -> str:
    """A panel of the wall screen; ``size`` lg takes more of its column; ``link`` leads from its hint to the whole."""
    return _part("panel", content=content, title=title, hint=hint, size=size, link=link)


@register.inclusion_tag("web/parts/stat.html")
def stat(
    label: str, value: Any, hint: str = "", link: str = "", unit: str = "", icon: str = "", tone: str = ""
) -> dict[str, Any]:
    """A figure that leads to what lies behind it."""
    return {"label": label, "value": value, "hint": hint, "link": link, "unit": unit, "symbol": icon, "tone": tone}


@register.inclusion_tag("web/parts/badge.html")
def badge(state: Any, label: str = "", tone: str = "") -> dict[str, Any]:
    return state_of(state, label, tone)._asdict()


@register.inclusion_tag("web/parts/empty_state.html")
def empty_state(
    title: str, text: str = "", url: str = "", label: str = "", icon: str = "clipboard-list"
) -> dict[str, Any]:
    """Says what to do first, with its button."""
    return {"title": title, "text": text, "url": url, "label": label, "symbol": icon}


@register.inclusion_tag("web/parts/points.html")
def points(value: Any, signed: bool = True, unit: str = "") -> dict[str, Any]:
    """Sign and colour together, so that colour never stands alone."""
    text = wording.points_text(value, signed=signed)
    tone = "minus" if text.startswith(wording.MINUS) else "plus" if signed and text not in ("0", "") else "zero"
    return {"text": text or "–", "tone": tone, "unit": unit}


@register.inclusion_tag("web/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Keeps the rest of the query string."""
    query = context["request"].GET.copy() if "request" in context else None
    if query is not None:
        query.pop(name, None)
    rest = f"&{query.urlencode()}" if query else ""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "name": name, "rest": rest, "ellipsis": page.paginator.ELLIPSIS}


@register.inclusion_tag("web/parts/steps.html")
def steps(labels: Sequence[str], current: int) -> dict[str, Any]:
    """``current`` counts from 1; steps before it are done."""
    return {"steps": [(label, _step(number, current)) for number, label in enumerate(labels, 1)], "current": current}


@register.inclusion_tag("web/parts/progress.html")
def progress(label: str, done: int, total: int, url: str = "", note: str = "", failed: str = "") -> dict[str, Any]:
    """For anything over a second; asks ``url`` again every second until done or failed."""
    finished = bool(failed) or (total > 0 and done >= total)
    share = int(100 * done / total) if total else 0
    poll = "" if finished else url
    return {"label": label, "done": done, "total": total, "url": poll, "note": note, "failed": failed, "share": share}


@register.inclusion_tag("web/parts/timeline.html")
def timeline(events: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Events: ``title``, ``when``, and if wanted ``by``, ``text``, ``tone``, ``url``."""
    return {"events": events}


@register.inclusion_tag("web/parts/facts.html")
def facts(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A definition list of ``(label, value)``."""
    return {"items": items}


@register.inclusion_tag("web/parts/tabs.html")
def tabs(items: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """``(label, url, active)`` or ``(label, url, active, count)``."""
    return {"items": [(*item, "")[:4] for item in items]}


@register.inclusion_tag("web/parts/photo.html")
def photo(url: str, alt: str, full: str = "") -> dict[str, Any]:
    return {"url": url, "alt": alt, "full": full or url}


@register.inclusion_tag("web/parts/confirm_button.html", takes_context=True)
def confirm_button(
    context: Context,
    label: str,
    url: str,
    question: str,
    tone: str = "primary",
    yes: str = "",
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """A POST that asks first; ``yes`` is the word on the confirming button."""
    token = context.get("csrf_token", "")
    parts = {"label": label, "url": url, "question": question, "tone": tone, "yes": yes or label}
    return {**parts, "name": name, "value": value, "csrf_token": token}


@register.inclusion_tag("web/parts/chart.html")
def chart(id: str, data: dict[str, Any], title: str, height: str = "md") -> dict[str, Any]:  # noqa: A002
    """``data``: ``kind`` (bar, hbar, stack, line, ring), ``categories``, ``series`` of ``name`` and ``data``, and if
    wanted ``unit`` and ``target``. ``height``: sm, md, lg, fill.
    """
    return {"id": id, "data": data, "title": title, "height": height}


@register.inclusion_tag("web/parts/meter.html")
def meter(share: Any, target: Any = None, label: str = "") -> dict[str, Any]:
    """A share from 0 to 1 as a bar, with a mark at ``target``."""
    part = min(max(float(share or 0), 0.0), 1.0)
    met = target is None or part >= float(target)
    return {
        "width": round(part * 100, 1),
        "mark": None if target is None else round(float(target) * 100, 1),
        "text": wording.percent(share),
        "label": label,
        "met": met,
    }


@register.simple_tag
def qr(text: str, label: str = "", size: str = "md") -> SafeString:
    """``text`` as a QR drawing, dark on white whatever the page; ``size``: sm, md, lg."""
    buffer = BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer, kind="svg", xmldecl=False, svgns=True, border=3, omitsize=True, dark="#000", light="#fff"
    )
    drawing = SafeString(buffer.getvalue().decode())
    return format_html('<span class="qr qr-{}" role="img" aria-label="{}">{}</span>', size, label or "二维码", drawing)


@register.simple_tag
def field(bound: BoundField) -> str:
    """Label, input, help and errors of one form field, whichever form it is of."""
    return render_to_string("web/forms/field.html", {"field": bound})


@register.simple_tag
def form_errors(form: Any) -> str:
    """What is wrong in a form, on top, each line leading to its field."""
    lines = [
        (bound.id_for_label, bound.label, problem.code, text)
        for bound in form.visible_fields()
        for problem in bound.errors.as_data()
        for text in problem.messages
    ]
    whole = [(problem.code, text) for problem in form.non_field_errors().as_data() for text in problem.messages]
    return render_to_string("web/forms/errors.html", {"lines": lines, "whole": whole, "total": len(lines) + len(whole)})


@register.filter
def kind(bound: BoundField) -> str:
    """How a field is laid out: check, choices, file, select or text."""
    widget = bound.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, FileInput):
        return "file"
    return "select" if isinstance(widget, Select) else "text"


@register.filter
def widget(bound: BoundField) -> SafeString:
    """The input with the design system's class."""
    names = {"select": "form-select", "check": "form-check-input", "choices": "form-choices"}
    own = bound.field.widget.attrs.get("class", "")
    css = f"{names.get(kind(bound), 'form-control')} {own} {'is-invalid' if bound.errors else ''}"
    return bound.as_widget(attrs={"class": " ".join(css.split())})


@register.filter
def as_json(value: Any) -> str:
    """For an attribute that a script reads; the template escapes it."""
    return json.dumps(value, ensure_ascii=False)


@register.filter
def problems(bound: BoundField) -> list[tuple[str, str]]:
    """``(code, message)`` of each error."""
    return [(error.code or "", text) for error in bound.errors.as_data() for text in error.messages]


def _part(name: str, **content: Any) -> str:
    return render_to_string(f"web/parts/{name}.html", content)


def _step(number: int, current: int) -> str:
    if number < current:
        return "done"
    return "now" if number == current else "next"
