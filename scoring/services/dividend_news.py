"""Households hear of their shares: what they get and from which money, and when that counts no more."""

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection
from django.urls import reverse

from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.inbox.services import Note
from jifen.kernel import clock
from scoring.models import Dividend
from scoring.rules.base import plain
from scoring.sql import dividends as sql

KIND = "dividend"
kinds.register(KIND, "分红")


def shared(run: Dividend) -> None:
    """All accounts of the households that have a part are told of it, and led to its line in the passbook."""
    topic, address = f"dividend/{run.pk}", f"{reverse('scoring:passbook')}#dividend-{run.pk}"
    inbox.tell_each(
        [
            Note(
                users, KIND, f"您家分到{yuan}元分红", f"{topic}/shared",
                f"“{run.name}”（{run.term}），您家{points}分，分得{yuan}元。怎么算的、发放了没有，在存折上看。",
                address, topic,
            )
            for users, points, yuan in _shares(run)
        ]
    )  # fmt: skip


def voided(run: Dividend) -> None:
    """The same people, whether they have read it or not."""
    topic, address = f"dividend/{run.pk}", reverse("scoring:passbook")
    inbox.tell_each(
        [
            Note(
                users, KIND, "一次分红已作废", f"{topic}/voided",
                f"“{run.name}”（{run.term}）您家的{yuan}元不算数了。重新分了，会再告诉您；有疑问请问村里。",
                address, topic,
            )
            for users, _, yuan in _shares(run)
        ]
    )  # fmt: skip


def _shares(run: Dividend) -> Iterator[tuple[list[int], str, str]]:
    """The accounts of each household that has some, its points and its share in yuan."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PEOPLE, {"dividend": run.pk, "today": clock.today()})
        for users, points, fen in cursor.fetchall():
            yield users, plain(points), plain(Decimal(fen) / 100)
