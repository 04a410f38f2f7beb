"""A file is what its bytes say, not what it is called."""

import hashlib
import io
import zipfile

import pytest
from PIL import Image

from jifen.files import content, errors


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind)
    return out.getvalue()


def workbook(member: str = "xl/workbook.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, "<workbook/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (b"%PDF-1.7\n%%EOF", "application/pdf"),
        (workbook(), content.XLSX),
        ("户号,姓名\n001,张三\n".encode("gbk"), "text/csv"),
    ],
)
def test_true_files_are_taken(body: bytes, content_type: str) -> None:
    content.check_content(body, content_type)


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"hello", "image/jpeg", errors.NotPicture),
        (b"%PDF-1.7", "image/png", errors.NotPicture),
        (picture("PNG"), "image/jpeg", errors.ContentDiffers),
        (picture()[:200], "image/jpeg", errors.PictureBroken),
        (picture("PNG")[:60], "image/png", errors.PictureBroken),
        (b"\x00\x00\x00\x18ftypheic0000", "image/jpeg", errors.PictureHeic),
        (picture(), "application/pdf", errors.ContentDiffers),
        (workbook("word/document.xml"), content.XLSX, errors.ContentDiffers),
        (b"PK\x03\x04 broken", content.XLSX, errors.ContentDiffers),
        (b"\x00\x01\x02", "text/csv", errors.ContentDiffers),
    ],
)
def test_files_that_are_something_else_are_refused(
    body: bytes, content_type: str, error: type[errors.FileRefused]
) -> None:
    with pytest.raises(error):
        content.check_content(body, content_type)


def test_a_picture_that_ends_early_is_refused_though_it_begins_well() -> None:
    whole = picture(size=(900, 700))
    with pytest.raises(errors.PictureBroken, match="没有传完整"):
        content.check_content(whole[: len(whole) // 2], "image/jpeg")


def test_what_is_no_picture_says_what_to_do() -> None:
    with pytest.raises(errors.NotPicture) as refused:
        content.check_content(b"<html>", "image/jpeg")
    assert refused.value.message == "这不是图片，请重新拍照。"
    assert refused.value.code == "file_not_picture"


@pytest.mark.parametrize(
    ("kind", "content_type", "size", "error"),
    [
        ("evidence", "image/jpeg", 10 * content.MB + 1, errors.TooLarge),
        ("evidence", "application/pdf", 20 * content.MB + 1, errors.TooLarge),
        ("evidence", "image/jpeg", 0, errors.Empty),
        ("evidence", "video/mp4", 100, errors.TypeWrong),
        ("evidence", "image/heic", 100, errors.PictureHeic),
        ("signature", "application/pdf", 100, errors.TypeWrong),
        ("voucher", "application/pdf", 100, errors.KindWrong),
    ],
)
def test_uploads_that_cannot_be_used_are_refused_before_they_start(
    kind: str, content_type: str, size: int, error: type[errors.FileRefused]
) -> None:
    with pytest.raises(error):
        content.check_announced(kind, content_type, size)


def test_photos_and_papers_have_their_own_limits() -> None:
    content.check_announced("evidence", "image/jpeg", 10 * content.MB)
    content.check_announced("evidence", "application/pdf", 20 * content.MB)


def test_another_size_or_another_hash_is_refused() -> None:
    body = picture()
    digest = hashlib.sha256(body).hexdigest()
    content.check_arrived(body, content_type="image/jpeg", size=len(body), sha256=digest)
    with pytest.raises(errors.SizeDiffers):
        content.check_arrived(body, content_type="image/jpeg", size=len(body) + 1, sha256=digest)
    with pytest.raises(errors.HashDiffers):
        content.check_arrived(body, content_type="image/jpeg", size=len(body), sha256="0" * 64)
