"""What a file really is, told from its bytes (pure: no Django, no object store)."""

import hashlib
import io
import zipfile
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from jifen.files import errors

MB = 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    XLSX: "xlsx",
    "text/csv": "csv",
}
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
_MAX_PIXELS = 60_000_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be uploaded as one kind of file; ``limit`` in bytes."""

    title: str
    types: tuple[str, ...]
    limit: int

    @property
    def words(self) -> str:
        """``JPG、PNG``: what people know the types as."""
        return "、".join(EXTENSIONS[one].upper() for one in self.types)


PICTURES = tuple(_FORMATS)
PHOTO = Allowance("照片", PICTURES, 10 * MB)
PHOTO_OR_PAPER = Allowance("佐证", (*PICTURES, "application/pdf"), 20 * MB)
UPLOADS = {
    "evidence": PHOTO_OR_PAPER,
    "objection": PHOTO_OR_PAPER,
    "resolution": PHOTO_OR_PAPER,
    "sheet": PHOTO_OR_PAPER,
    "signature": Allowance("签名", PICTURES, 2 * MB),
    "roster": Allowance("名册", (XLSX, "text/csv"), 20 * MB),
}
"""What people may upload; other kinds are made by the platform itself."""


def check_announced(kind: str, content_type: str, size: int) -> None:
    """Whether a file may be uploaded at all.

    Raises:
        KindWrong, TypeWrong, Empty, TooLarge.
    """
    if kind not in UPLOADS:
        raise errors.KindWrong(kind=kind)
    allowed = UPLOADS[kind]
    if content_type in ("image/heic", "image/heif"):
        raise errors.PictureHeic
    if content_type not in allowed.types:
        raise errors.TypeWrong(allowed=allowed.words)
    check_size(kind, content_type, size)


def check_size(kind: str, content_type: str, size: int) -> None:
    if size <= 0:
        raise errors.Empty
    allowed = PHOTO if content_type in PICTURES and kind != "signature" else UPLOADS[kind]
    if size > allowed.limit:
        raise errors.TooLarge(kind=allowed.title, limit=allowed.limit // MB)


def check_arrived(body: bytes, *, content_type: str, size: int, sha256: str) -> None:
    """Whether ``body`` is what was announced.

    Raises:
        Empty, SizeDiffers, HashDiffers, NotPicture, PictureBroken, PictureHeic, ContentDiffers.
    """
    if not body:
        raise errors.Empty
    if len(body) != size:
        raise errors.SizeDiffers
    check_content(body, content_type)
    if hashlib.sha256(body).hexdigest() != sha256:
        raise errors.HashDiffers


def check_content(body: bytes, content_type: str) -> None:
    """Whether the bytes are of ``content_type``.

    Raises:
        NotPicture, PictureBroken, PictureHeic, ContentDiffers.
    """
    found = type_of(body)
    if content_type in PICTURES:
        _check_picture(body, content_type, found)
    elif found != content_type:
        raise errors.ContentDiffers(expected=EXTENSIONS[content_type].upper())


def type_of(body: bytes) -> str | None:
    """The media type that the first bytes show; ``None`` when it is none of ours."""
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[4:8] == b"ftyp" and body[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if body.startswith(b"%PDF-"):
        return "application/pdf"
    if body.startswith(b"PK\x03\x04"):
        return XLSX if _is_workbook(body) else None
    return "text/csv" if b"\x00" not in body[:4096] else None


def _check_picture(body: bytes, content_type: str, found: str | None) -> None:
    if found == "image/heic":
        raise errors.PictureHeic
    if found not in PICTURES:
        raise errors.NotPicture
    if found != content_type:
        raise errors.ContentDiffers(expected=EXTENSIONS[content_type].upper())
    try:
        with Image.open(io.BytesIO(body), formats=[_FORMATS[content_type]]) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise errors.TooLarge("照片尺寸太大，请用普通大小重新拍照。")
            picture.verify()
        with Image.open(io.BytesIO(body), formats=[_FORMATS[content_type]]) as picture:
            picture.draft("RGB", (64, 64))  # a JPEG is then decoded small, which still reads it to its end
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise errors.PictureBroken from broken


def _is_workbook(body: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False
