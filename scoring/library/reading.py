"""A district's list in a workbook as the text of a template, to be looked at before it is published."""

from dataclasses import dataclass

from jifen.kernel.errors import InvalidInput
from scoring.library import selectors
from scoring.library.models import Template
from scoring.rules import identity, workbook, yamls
from scoring.rules.workbook import Imported
from tenants.models import District

ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv")
_FIRST = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class WorkbookEmpty(InvalidInput):
    code = "template_list_empty"
    default_field = "content"
    message = "这张表里一条也没有读出来：{why}"


@dataclass(frozen=True, slots=True)
class Read:
    """``content``: YAML for ``services.publish``; ``found``: what was read, what was not, what asks to be looked at."""

    content: str
    found: Imported


def is_workbook(body: bytes, name: str) -> bool:
    return body.startswith(_FIRST) or name.lower().endswith(ENDINGS)


def read(*, body: bytes, name: str, district: District, code: str, title: str) -> Read:
    """The list in ``body`` for the template ``code`` of ``district``.

    An item that the template has already keeps its code there; another one gets a code that no version of it had.

    Raises:
        FileWrong (one of its kinds), WorkbookWithoutList, WorkbookTooLong, WorkbookEmpty.
    """
    found = workbook.read(body, name)
    if found.rulebook is None:
        raise WorkbookEmpty(why=found.problems[0].why if found.problems else "没有条目")
    told = _codes(found, Template.objects.filter(district=district, code=code).first())
    book = identity.recoded(found.rulebook, told)
    return Read(yamls.dump_rulebook(book, title), found)


def _codes(found: Imported, template: Template | None) -> dict[str, str]:
    versions = list(template.versions.order_by("-number")) if template else []
    ever = [identity.known(selectors.rulebook_of(one).rules) for one in versions]
    said = {rule.code for rule in found.rules} - found.fresh
    present, every = ever[0] if ever else [], [one for version in ever for one in version]
    return identity.codes(found.rules, said=said, origins=found.known, present=present, ever=every)
