"""公示海报: the printed form of a notice, made by a worker after it is published."""

from typing import Any

from django.db import transaction

from jifen.clocks import backlog
from jifen.files import services as files
from jifen.kernel.actors import SYSTEM
from jifen.web import pdf
from reporting import addresses, poster
from reporting.models import Notice, Poster

TASK = "reporting.make_posters"
FORMS = {"a3": "A3一张", "a4": "A4拼页"}


def order(*, notice: Notice) -> None:
    """Have the posters made once the current transaction is committed, in the town's turn."""
    backlog.put(task=TASK, args=[notice.pk])


def make_posters(*, notice: Notice) -> list[Poster]:
    """Both forms of ``notice`` in the store; a form that is there already is left as it is."""
    made = set(notice.posters.values_list("form", flat=True))
    content = poster.content(notice, url=addresses.notice(notice))
    return [_made(notice, form, content) for form in FORMS if form not in made]


def _made(notice: Notice, form: str, content: dict[str, Any]) -> Poster:
    body = pdf.compile(f"reporting/{form}.typ", content)
    with transaction.atomic():
        file = files.store(
            kind="notice",
            name=f"{notice.title}（{FORMS[form]}）.pdf",
            content_type="application/pdf",
            body=body,
            by=SYSTEM,
        )
        kept, _ = Poster.objects.get_or_create(notice=notice, form=form, defaults={"file": file})
    return kept
