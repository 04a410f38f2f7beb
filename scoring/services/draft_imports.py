"""A draft of a list that somebody brought in a file: what was read of it, item by item."""

from django.db import transaction

from jifen.kernel.actors import Actor
from scoring.models import Draft, DraftItem
from scoring.rules.spec import Rulebook
from scoring.selectors import rulebooks as books
from scoring.services import drafts
from scoring.services.draft_starts import of_book


@transaction.atomic
def open_imported(*, book: Rulebook, title: str, by: Actor) -> Draft:
    """The town's next version, begun with every item of ``book``.

    Raises:
        DraftUnderWay, HeadWrong.
    """
    draft = drafts.open_draft(village=None, start="empty", by=by)
    drafts.save_settings(
        draft=draft, revision=draft.head_revision, title=title[:120] or draft.title, head=books.head_of(book), by=by
    )
    rows = of_book(book, title=title, origin_code="").items
    stamp = {"changed_at": draft.changed_at, "changed_by_name": by.name}
    DraftItem.objects.bulk_create(
        DraftItem(draft=draft, code=code, position=place, body=body, **stamp) for place, (code, body) in enumerate(rows)
    )
    return draft
