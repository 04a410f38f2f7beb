"""Files come in two ways: people upload them straight to the object store, the platform stores its own documents."""

import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jifen.audit import services as audit
from jifen.files import content, errors, looks, storage
from jifen.files.models import File, FileState
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town

NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a browser puts an expected file: ``PUT url`` with exactly these headers, within 15 minutes."""

    file: File
    url: str
    headers: dict[str, str]


def expect(*, kind: str, name: str, content_type: str, size: int, sha256: str, by: Actor) -> Upload:
    """Announce an upload; ``size`` in bytes, ``sha256`` in hex.

    Raises:
        KindWrong, TypeWrong, Empty, TooLarge, HashWrong: nothing is written.
    """
    content.check_announced(kind, content_type, size)
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise errors.HashWrong
    file = _row(kind=kind, name=name, content_type=content_type, size=size, sha256=sha256, by=by)
    url, headers = storage.put_url(key=file.key, content_type=content_type, size=size, sha256=sha256)
    return Upload(file, url, headers)


def arrive(*, file: File, by: Actor) -> File:
    """Look at what was uploaded: it becomes ready, or refused for good. Asking again gives the same answer.

    The refusal is kept although the error is raised: a caller inside a transaction of its own must let it commit.

    Raises:
        NotArrived: nothing is there yet.
        FileRefused: it is not what was announced, or not what it says it is.
    """
    refusal: errors.FileRefused | None = None
    with transaction.atomic():
        file = File.objects.select_for_update().get(pk=file.pk)
        if file.state == FileState.EXPECTED:
            refusal = _examine(file)
            _settle(file, refusal, by)
        elif file.state == FileState.REFUSED:
            refusal = errors.FileRefused(file.problem)
    if refusal is not None:
        raise refusal
    return file


def store(*, kind: str, name: str, content_type: str, body: bytes, by: Actor) -> File:
    """Keep a document that the platform made; it is ready at once.

    Raises:
        Empty, StoreUnavailable: nothing is written.
    """
    if not body:
        raise errors.Empty
    digest, look = hashlib.sha256(body).hexdigest(), _look(content_type, body)
    told: dict[str, Any] = {"kind": kind, "name": name, "content_type": content_type, "size": len(body), "by": by}
    with transaction.atomic():
        file = _row(**told, sha256=digest, look=look, ready=True)
        storage.put(file.key, body, content_type)
    return file


def receive(*, kind: str, name: str, content_type: str, body: bytes, by: Actor) -> File:
    """Take an upload that came through a page's form; checked as one that went straight to the store.

    Raises:
        FileRefused, StoreUnavailable: nothing is written.
    """
    content.check_announced(kind, content_type, len(body))
    content.check_content(body, content_type)
    return store(kind=kind, name=name, content_type=content_type, body=body, by=by)


def _row(
    *,
    kind: str,
    name: str,
    content_type: str,
    size: int,
    sha256: str,
    by: Actor,
    look: int | None = None,
    ready: bool = False,
) -> File:
    now = clock.now()
    return File.objects.create(
        **by.columns(),
        key=_key(kind, content_type),
        kind=kind,
        original_name=name[-NAME_LENGTH:],
        content_type=content_type,
        size=size,
        sha256=sha256,
        look=look,
        state=FileState.READY if ready else FileState.EXPECTED,
        created_at=now,
        checked_at=now if ready else None,
    )


def _key(kind: str, content_type: str) -> str:
    """``<schema>/<kind>/<yyyy>/<mm>/<uuid>.<ext>``."""
    extension = content.EXTENSIONS.get(content_type, "bin")
    return f"{require_town()}/{kind}/{clock.today():%Y/%m}/{uuid.uuid4()}.{extension}"


def _examine(file: File) -> errors.FileRefused | None:
    """What is wrong with the object, told by its size, its bytes and its hash.

    Raises:
        NotArrived, StoreUnavailable.
    """
    arrived = storage.size(file.key)
    if arrived is None:
        raise errors.NotArrived
    try:
        # A wrong size is refused before anything is read.
        if arrived != file.size:
            raise errors.SizeDiffers
        body = storage.get(file.key)
        content.check_arrived(body, content_type=file.content_type, size=file.size, sha256=file.sha256)
        file.look = _look(file.content_type, body)
    except errors.FileRefused as refusal:
        return refusal
    return None


def _look(content_type: str, body: bytes) -> int | None:
    return looks.of(body) if content_type in content.PICTURES else None


def _settle(file: File, refusal: errors.FileRefused | None, by: Actor) -> None:
    file.state = FileState.REFUSED if refusal else FileState.READY
    file.problem = refusal.message if refusal else ""
    file.checked_at = clock.now()
    file.save(update_fields=["state", "problem", "checked_at", "look"])
    if refusal:
        key = file.key
        transaction.on_commit(lambda: storage.delete(key), robust=True)
    audit.record(by=by, action="file.refuse" if refusal else "file.accept", subject=file)
