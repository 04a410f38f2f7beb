"""异议回执: what the paper says that is handed to whoever objected. It bears no name and none of the words."""

from typing import Any

from jifen.kernel import clock
from jifen.web import pdf
from reporting.models import Objection
from tenants.community import selectors as community


def content(objection: Objection, *, url: str) -> dict[str, Any]:
    """For ``reporting/receipt.typ``; ``url`` is the page that the code leads to."""
    return {
        "title": "异议回执",
        "number": objection.number,
        "place": objection.village.name,
        "office": community.office_name(),
        "phone": objection.village.phone,
        "about": about(objection),
        "channel": objection.get_channel_display(),
        "raised": objection.raised_on,
        "answer_by": objection.answer_by,
        "by": "镇里" if objection.level == "town" else "村里",
        "printed": clock.today(),
        "qr": pdf.qr_svg(url),
    }


def about(objection: Objection) -> str:
    """To what it objects, in a word."""
    if objection.posting_id:
        return "一笔积分"
    return "一条申报" if objection.declaration_id else "一份公示"
