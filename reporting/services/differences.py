"""What is taken back while a notice shows it, outside of objections: the notice stays and gets a difference notice."""

from collections.abc import Collection

from jifen.kernel.actors import Actor
from reporting.models import Notice
from reporting.selectors import changes
from reporting.services import notices

REASON = "经复核，已更正记分"


def corrected(reversals: Collection[int], by: Actor) -> None:
    """What scoring tells of ``reversals`` (postings): one difference notice for each notice that showed an original."""
    found = changes.shown_before(reversals)
    for notice in Notice.objects.select_related("village").filter(pk__in=found).order_by("pk"):
        notices.publish_difference(notice=notice, reason=REASON, postings=found[notice.pk], by=by)
