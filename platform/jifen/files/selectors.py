"""Reading files of the town being served."""

from collections.abc import Iterable

from jifen.files import errors, storage
from jifen.files.models import File, FileState
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town


def link(file: File, *, download: bool = False) -> str:
    """A link that reads the file for five minutes, shown in the browser or downloaded under its name.

    Raises:
        FileUnknown: it is not a ready file of the town being served.
    """
    _check_ours(file)
    name = file.original_name or file.key.rsplit("/", 1)[-1]
    return storage.get_url(file.key, content_type=file.content_type, name=name, download=download)


def body(file: File) -> bytes:
    """The file's bytes.

    Raises:
        FileUnknown, NotArrived, StoreUnavailable.
    """
    _check_ours(file)
    return storage.get(file.key)


def ready(ids: Iterable[int], *, by: Actor | None = None) -> list[File]:
    """The files in the order of ``ids``; with ``by`` only her own uploads count.

    Raises:
        FileUnknown: one does not exist here, or is somebody else's.
        FileNotReady: one has not arrived or was refused.
    """
    wanted = list(dict.fromkeys(ids))
    found = {file.pk: file for file in File.objects.filter(pk__in=wanted) if by is None or _is_of(file, by)}
    missing = [number for number in wanted if number not in found]
    if missing:
        raise errors.FileUnknown(ids=missing)
    for file in found.values():
        if file.state != FileState.READY:
            raise errors.FileNotReady(name=file.original_name)
    return [found[number] for number in wanted]


def kept(ids: Iterable[int], *, by: Actor) -> list[File]:
    """Those of ``ids`` that are ready and her own uploads, in that order; the rest is passed over."""
    wanted = list(dict.fromkeys(ids))
    found = {file.pk: file for file in File.objects.filter(pk__in=wanted, state=FileState.READY) if _is_of(file, by)}
    return [found[number] for number in wanted if number in found]


def expected(number: int, *, by: Actor) -> File:
    """An upload that ``by`` announced.

    Raises:
        FileUnknown: there is none of hers.
    """
    file = File.objects.filter(pk=number).first()
    if file is None or not _is_of(file, by):
        raise errors.FileUnknown
    return file


def _is_of(file: File, by: Actor) -> bool:
    return (file.actor_realm, file.actor_id) == (by.realm, by.id)


def _check_ours(file: File) -> None:
    """A row read in one town is never used in another (I13)."""
    if not file.key.startswith(f"{require_town()}/") or file.state != FileState.READY:
        raise errors.FileUnknown
