"""A sealed year's passbooks as PDF in the object store: a job for each volume, a page or more for each household."""

from typing import Any

from django.db import transaction

from jifen.clocks import services as clocks
from jifen.files import services as files
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import require_town
from jifen.web import pdf
from jifen.web.wording import points_text
from scoring.selectors import volumes as selectors
from scoring.services import volumes
from tenants.community.models import TownProfile

VOLUME = "year.volume"


def begin(seal: Any) -> None:
    """Plan the seal's volumes and set a job for each."""
    for pk in volumes.plan(seal=seal):
        clocks.schedule(town=require_town(), kind=VOLUME, period=str(pk), due_at=clock.now())


@transaction.atomic
def make(volume_id: int) -> None:
    """Print and keep one volume; does nothing when it is kept already."""
    volume = selectors.volume(volume_id)
    if volume is None or volume.file is not None:
        return
    year = volume.seal.year.number
    body = pdf.compile("flows/passbooks.typ", _contents(volume))
    name = f"{year}年积分存折{volume.village.name}第{volume.number}册.pdf"
    file = files.store(kind="passbook", name=name, content_type="application/pdf", body=body, by=SYSTEM)
    volumes.archive(volume=volume, file=file, by=SYSTEM)


def _contents(volume: Any) -> dict[str, Any]:
    seal = volume.seal
    return {
        "town": profile.name if (profile := TownProfile.objects.first()) else "",
        "village": volume.village.name,
        "year": seal.year.number,
        "sealed_on": seal.sealed_at.astimezone(clock.TIME_ZONE).date(),
        "fingerprint": seal.hash[:16],
        "books": [_page(book) for book in selectors.books(volume)],
    }


def _page(book: selectors.Book) -> dict[str, Any]:
    return {
        "number": book.number,
        "head": book.head or "（未登记户主）",
        "group": book.group,
        "net": book.net,
        "positive": book.positive,
        "negative": book.negative,
        "expired": book.expired,
        "village_rank": book.village_rank,
        "town_rank": book.town_rank,
        "lines": [
            {
                "day": f"{line.day.month}月{line.day.day}日",
                "title": line.title,
                "merit": points_text(line.merit or None, signed=True),
                "redeemable": points_text(line.redeemable or None, signed=True),
            }
            for line in book.lines
        ],
    }
