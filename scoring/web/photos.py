"""Evidence as pages show it: links that are good for some minutes."""

from collections.abc import Iterable
from typing import NamedTuple

from jifen.files import selectors as files
from jifen.files.models import File


class Photo(NamedTuple):
    url: str
    is_picture: bool
    name: str


def shown(found: Iterable[File]) -> list[Photo]:
    return [Photo(files.link(one), one.content_type.startswith("image/"), one.original_name) for one in found]
