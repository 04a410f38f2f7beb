"""A proxy's signature as a picture."""

from django.core.files.uploadedfile import UploadedFile

from jifen.files import services as files
from jifen.files.models import File
from jifen.kernel.actors import Actor


def keep(upload: "UploadedFile[bytes] | None", *, by: Actor) -> File | None:
    """The uploaded picture as a file of the town; ``None`` when there is none.

    Raises:
        FileRefused: it is no picture, or too large.
    """
    if upload is None:
        return None
    return files.receive(
        kind="signature",
        name=upload.name or "签名",
        content_type=upload.content_type or "",
        body=upload.read(),
        by=by,
    )
