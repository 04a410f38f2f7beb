"""Every lock of this room, taken in one order: rulebook, draft, version, year, review, caps, posting, balance."""

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.db.models import F, Q

from jifen.kernel.locking import limit_waiting
from scoring import errors
from scoring.models import (
    Draft,
    Hearing,
    Posting,
    Review,
    ReviewState,
    Rulebook,
    RulebookVersion,
    Year,
    YearState,
)
from scoring.year_errors import Use


def book(pk: int) -> Rulebook:
    """The rulebook, held until the transaction ends: nobody else opens a draft of it or dates its versions.

    A village's is held together with the town's, which comes first: what the one dates, the other sees.
    """
    limit_waiting()
    rows = Rulebook.objects.select_for_update(of=("self",)).select_related("village")
    towns_first = F("village").asc(nulls_first=True)
    return next(book for book in rows.filter(Q(pk=pk) | Q(village=None)).order_by(towns_first) if book.pk == pk)


def draft(pk: int) -> Draft:
    """The draft, held: nobody changes an item of it meanwhile."""
    limit_waiting()
    return Draft.objects.select_for_update(of=("self",)).select_related("rulebook__village", "base").get(pk=pk)


def version(pk: int) -> RulebookVersion:
    """The version, held together with its rulebook."""
    book(RulebookVersion.objects.values_list("rulebook_id", flat=True).get(pk=pk))
    rows = RulebookVersion.objects.select_for_update(of=("self",))
    return rows.select_related("rulebook__village", "draft").get(pk=pk)


def review(pk: int) -> Review:
    """The sheet, held until the transaction ends.

    Raises:
        Review.DoesNotExist.
    """
    found = reviews([pk])
    if not found:
        raise Review.DoesNotExist
    return found[0]


def undecided(pk: int) -> Review:
    """The sheet, held, while the committee has it; ReviewNotOpen."""
    sheet = review(pk)
    if sheet.state not in (ReviewState.OPEN, ReviewState.RETURNED):
        raise errors.ReviewNotOpen
    return sheet


def reviews(pks: Collection[int]) -> list[Review]:
    """The sheets, held in order until the transaction ends.

    One that went over to another version of its flow while this waited no longer joins the version that was read at
    first, and the database leaves it out: it is held by then, and read again.
    """
    limit_waiting()
    rows = Review.objects.select_for_update(of=("self",)).select_related("village", "year", "flow")
    held = rows.filter(pk__in=pks).order_by("pk")
    found = list(held)
    return found if len(found) == len(set(pks)) else list(held.all())


def hearing(pk: int) -> Hearing:
    """The hearing, held until the transaction ends."""
    limit_waiting()
    rows = Hearing.objects.select_for_update(of=("self",))
    return rows.select_related("item__review", "item__declaration", "declaration__rule").get(pk=pk)


def hearings(pks: Collection[int]) -> list[Hearing]:
    """The hearings, held in order until the transaction ends."""
    limit_waiting()
    return list(Hearing.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


def posting(pk: int) -> Posting:
    limit_waiting()
    return Posting.objects.select_for_update(of=("self",)).get(pk=pk)


def year(pk: int) -> Year:
    """The year, held alone: nothing is posted into it meanwhile."""
    limit_waiting()
    return Year.objects.select_for_update().get(pk=pk)


def open_year(number: int, use: Use) -> int:
    """Id of the open year ``number``, shared: it cannot be sealed before the transaction ends; ``use`` is what for.

    Raises:
        YearNotOpen, YearSealed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, state FROM scoring_year WHERE number = %s FOR SHARE", [number])
        row = cursor.fetchone()
    if row is None:
        raise errors.YearNotOpen(year=number, what=use.what, check=use.check, field=use.field)
    if row[1] == YearState.SEALED:
        raise errors.YearSealed(year=number, what=use.what, check=use.check, field=use.field)
    return int(row[0])


def sealed_since(day: date) -> int | None:
    """The first sealed year that holds the day or comes after it; none is sealed before the transaction ends."""
    years = "SELECT number, state FROM scoring_year WHERE number >= %s ORDER BY number FOR SHARE"
    with connection.cursor() as cursor:
        cursor.execute(years, [day.year])
        rows = cursor.fetchall()
    return next((int(number) for number, state in rows if state == YearState.SEALED), None)


def newest_open_year() -> Year:
    """The newest year that takes entries."""
    found = Year.objects.exclude(state=YearState.SEALED).order_by("-number").first()
    if found is None:
        raise errors.NoOpenYear
    return found


def all_years() -> None:
    """Every year shared: none is sealed while a month is posted."""
    limit_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM scoring_year ORDER BY id FOR SHARE")


def is_sealed(year: Year) -> bool:
    """Whether the year is sealed, held until the transaction ends: nobody seals or reopens it meanwhile."""
    limit_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM scoring_year WHERE id = %s FOR NO KEY UPDATE", [year.pk])
        [state] = cursor.fetchone() or ("",)
    return str(state) == YearState.SEALED
