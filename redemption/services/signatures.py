"""A proxy's signature as a picture."""

from django.core.files.uploadedfile import UploadedFile

from jifen.files import services as files
from jifen.files.errors import FileRefused
from jifen.files.models import File
from jifen.kernel.actors import Actor


def keep(upload: "UploadedFile[bytes] | None", *, by: Actor) -> File | None:
    """The uploaded picture as a file of the town; ``None`` when there is none.

    Raises:
        FileRefused: it is no picture, or too large; at the field ``signature``.
    """
    if upload is None:
        return None
    try:
        return files.receive(
            kind="signature",
            name=upload.name or "签名",
            content_type=upload.content_type or "",
            body=upload.read(),
            by=by,
        )
    except FileRefused as refused:
        raise type(refused)(f"代领人签名照片：{refused.message}", field="signature") from refused
