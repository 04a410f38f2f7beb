"""A district publishes templates: checked as a whole, kept as they are."""

from hashlib import sha256
from typing import Any

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import Conflict, InvalidInput
from jifen.kernel.locking import limit_waiting
from scoring.library import selectors
from scoring.library.models import Template, TemplateVersion
from scoring.rules import findings, library
from scoring.rules.spec import Rulebook
from tenants.models import District

SHORTEST_REASON = 5
LONGEST_REASON = 300


class TemplateWrong(InvalidInput):
    """The file is no rulebook; ``data["problems"]`` lists (path, line, text)."""

    code = "template_wrong"
    default_field = "content"


class TemplateFaulty(InvalidInput):
    """``data["findings"]`` lists (severity in words, titles of the items, text, proposal)."""

    code = "template_faulty"
    default_field = "content"
    message = "检查发现{count}处须改正，什么都没有发布：{told}"


class TemplateUnsigned(TemplateFaulty):
    """As of TemplateFaulty; with a reason it is published."""

    code = "template_unsigned"
    default_field = "reason"
    message = "检查发现{count}处要写明理由才能发布，什么都没有发布：{told}"


class TemplateNamed(InvalidInput):
    code = "template_name_wrong"
    default_field = "code"
    message = "编号用小写字母、数字和短横线（最多40个字符），名称不超过120个字。"


class TemplateSame(Conflict):
    code = "template_same"
    default_field = "content"
    message = "内容和已发布的第{number}版完全一样，不用再发布。"


@transaction.atomic
def publish(
    *, district: District, code: str, title: str, source: str, note: str = "", reason: str = "", by: Actor
) -> TemplateVersion:
    """The next version of the district's template ``code`` (its first makes the template); offered from now on.

    ``source``: YAML, a whole scheme or a rulebook alone (``rulebook: {categories: …, rules: …}``). ``reason`` answers
    for what has to be signed; it is kept in the audit trail.

    Raises:
        TemplateNamed, TemplateWrong, TemplateFaulty, TemplateUnsigned, TemplateSame: nothing is written.
    """
    book = _read(source)
    signed = _examine(book, reason.strip())
    template = _template(district, code, title)
    last = selectors.newest(template)
    fingerprint = sha256(source.encode()).hexdigest()
    if last is not None and last.fingerprint == fingerprint and template.is_offered:
        raise TemplateSame(number=last.number)
    Template.objects.filter(pk=template.pk).update(title=title.strip(), is_offered=True)
    made = TemplateVersion.objects.create(
        template=template, number=last.number + 1 if last else 1, source=source, fingerprint=fingerprint,
        rules=len(book.rules), note=note.strip()[:300], published_at=clock.now(), **by.columns(),
    )  # fmt: skip
    told: dict[str, Any] = {"reason": reason.strip()[:LONGEST_REASON], "signed": signed} if signed else {}
    audit.record(
        by=by, action="template.publish", subject=made, code=template.key, number=made.number,
        **told,
    )  # fmt: skip
    return made


@transaction.atomic
def retire(*, template: Template, by: Actor) -> None:
    """Offer it no more; publishing a version offers it again."""
    if Template.objects.filter(pk=template.pk, is_offered=True).update(is_offered=False):
        audit.record(by=by, action="template.retire", subject=template, code=template.key)


def _read(source: str) -> Rulebook:
    try:
        return library.parse_rulebook(source)
    except library.SchemeInvalid as wrong:
        raise TemplateWrong(wrong.message, problems=wrong.data["problems"]) from wrong


def _examine(book: Rulebook, reason: str) -> list[list[Any]]:
    """The checks of a town's draft: nothing that has to be mended, and a reason for what has to be signed. Gives the
    latter, (kind, codes)."""
    found = findings.check(book)
    wrong = [one for one in found if one.severity == "blocking"]
    if wrong:
        raise TemplateFaulty(**_told(book, wrong))
    open_ = [one for one in found if one.blocking]
    if open_ and len(reason) < SHORTEST_REASON:
        raise TemplateUnsigned(**_told(book, open_))
    return [[one.kind, list(one.codes)] for one in open_]


def _told(book: Rulebook, found: list[findings.Finding]) -> dict[str, Any]:
    titles = {rule.code: rule.title for rule in book.rules}
    listed = [
        (findings.SEVERITIES[one.severity], [titles.get(code, code) for code in one.codes], one.text, one.mend)
        for one in found
    ]
    return {"count": len(found), "told": "".join(one.text for one in found), "findings": listed}


def _template(district: District, code: str, title: str) -> Template:
    """The template, held until the transaction ends."""
    if not library.is_slug(code) or not 0 < len(title.strip()) <= 120:
        raise TemplateNamed
    made, _ = Template.objects.get_or_create(district=district, code=code, defaults={"title": title.strip()})
    limit_waiting()
    return Template.objects.select_for_update(of=("self",)).select_related("district").get(pk=made.pk)
