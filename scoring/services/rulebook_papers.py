"""A version of a rulebook as a file: to print, to edit as a workbook, to keep as YAML."""

from collections.abc import Callable
from typing import NamedTuple

from jifen.kernel import clock
from jifen.kernel.errors import NotFound
from jifen.kernel.spreadsheets import XLSX
from jifen.web import pdf
from scoring.models import RulebookVersion, VersionState
from scoring.rules import printing, workbook, yamls
from scoring.selectors import endings
from scoring.selectors import rulebooks as books
from tenants.community.models import TownProfile


class Paper(NamedTuple):
    """A file, what it is, and how it is called."""

    body: bytes
    content_type: str
    name: str


def paper(version: RulebookVersion, kind: str) -> Paper:
    """``version`` as ``pdf``, ``xlsx`` or ``yaml``; NotFound for anything else."""
    if kind not in _MAKERS:
        raise NotFound
    make, content_type = _MAKERS[kind]
    return Paper(make(version), content_type, f"{version.rulebook.title}第{version.number}版.{kind}")


def printed(version: RulebookVersion) -> bytes:
    """积分细则 on A4: a cover with its issuer, dates and resolution, then class by class."""
    return pdf.compile("scoring/rulebook.typ", printing.told(books.whole(version), cover_of(version)) | _printed_on())


def cover_of(version: RulebookVersion) -> printing.Cover:
    """What stands on the cover. A version that is not in force says so."""
    profile, village = TownProfile.objects.first(), version.rulebook.village
    town = profile.name if profile else ""
    in_force = version.state == VersionState.IN_FORCE
    return printing.Cover(
        title=version.rulebook.title,
        place=f"{town}{village.name}" if village else town,
        issuer=f"{village.name}村民委员会" if village else town,
        resolution=version.resolution,
        effective_from=version.effective_from,
        until=endings.last_day(version, clock.today()),
        number=f"第{version.number}版",
        state="" if in_force else version.get_state_display(),
    )


def _printed_on() -> dict[str, object]:
    return {"printed_on": clock.today()}


def _table(version: RulebookVersion) -> bytes:
    return workbook.write(books.whole(version))


def _yaml(version: RulebookVersion) -> bytes:
    return yamls.dump_rulebook(books.whole(version), version.rulebook.title).encode()


_MAKERS: dict[str, tuple[Callable[[RulebookVersion], bytes], str]] = {
    "pdf": (printed, "application/pdf"),
    "xlsx": (_table, XLSX),
    "yaml": (_yaml, "application/yaml"),
}
KINDS = tuple(_MAKERS)
