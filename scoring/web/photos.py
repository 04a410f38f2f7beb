"""Evidence as pages show it and as their forms name it: links that are good for some minutes, ids of uploads."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest

from jifen.files import selectors as files
from jifen.files.models import File
from jifen.kernel.actors import Actor
from jifen.kernel.reading import whole


class Photo(NamedTuple):
    url: str
    is_picture: bool
    name: str
    pk: int


def shown(found: Iterable[File]) -> list[Photo]:
    return [Photo(files.link(one), one.content_type.startswith("image/"), one.original_name, one.pk) for one in found]


def evidence_of(request: HttpRequest) -> list[File]:
    """The uploaded files that the form names; only the sender's own.

    Raises:
        FileUnknown, FileNotReady.
    """
    ids = _ids(request.POST.getlist("evidence"))
    return files.ready(ids, by=Actor.of(request.user)) if ids else []


def sent(request: HttpRequest) -> list[Photo]:
    """What a refused form had with it, by the form itself or by the address it was sent back to."""
    ids = _ids(request.POST.getlist("evidence") or request.GET.getlist("evidence"))
    return shown(files.kept(ids, by=Actor.of(request.user))) if ids else []


def carried(request: HttpRequest) -> str:
    """``?evidence=…`` for the address that a refused form is sent back to."""
    ids = _ids(request.POST.getlist("evidence"))
    return f"?{urlencode([('evidence', one) for one in ids])}" if ids else ""


def _ids(told: Iterable[str]) -> list[int]:
    return [pk for one in told if (pk := whole(one)) is not None]
