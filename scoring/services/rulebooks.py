"""积分细则: a scheme's rules become rows, dated and versioned. What people draft goes by ``services.versions``."""

from datetime import date

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import locks
from scoring.models import Rulebook, RulebookVersion, VersionState
from scoring.rules.spec import Scheme
from scoring.services import rule_rows, rulebook_news
from tenants.community.models import Village


@transaction.atomic
def install(
    *,
    scheme: Scheme,
    village: Village | None = None,
    effective_from: date,
    effective_to: date | None = None,
    resolution: str,
    by: Actor,
) -> RulebookVersion:
    """The scheme's rules in force from ``effective_from`` to before ``effective_to``, for the town or one village.

    The version in force until then ends on that day. Deeds keep the version of their date.

    Raises:
        VersionDates: a version begins on that day or later.
    """
    made, _ = Rulebook.objects.get_or_create(
        village=village, defaults={"title": scheme.title[:120], "template_code": scheme.code}
    )
    book = locks.book(made.pk)
    earlier_end = rule_rows.end_the_earlier(book, effective_from)
    version = rule_rows.write(
        book=book, rules=scheme.rulebook, by=by, effective_from=effective_from, effective_to=effective_to,
        resolution=resolution[:200], origin_code=scheme.code, earlier_end=earlier_end, enacted_at=clock.now(),
    )  # fmt: skip
    rule_rows.seal(version, VersionState.IN_FORCE)
    rulebook_news.plan(version)
    audit.record(by=by, action="rulebook.install", subject=version, village_id=village.pk if village else None)
    return version
