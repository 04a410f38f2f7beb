"""Files that nobody should be able to hurt us with: broken, sealed, huge, with macros, or no workbooks at all."""

import io
import random
import resource
import zipfile
from collections.abc import Callable

import pytest

from jifen.kernel import spreadsheets
from jifen.kernel.errors import InvalidInput
from scoring.rules import workbook
from tests.scoring.rules.annexes import HEAD, sheet
from tests.scoring.rules.annexes import workbook as annexes

GOOD = sheet(HEAD, ["平安", "学习", "听课", "加2分/次"])
SEALED = b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")


def rewritten(body: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """``body`` with every part of the package changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def refused(body: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(InvalidInput) as refusal:
        workbook.read(body, name)
    assert not refusal.value.message.isascii()
    return refusal.value.code


def outcome(body: bytes) -> str:
    """The code of the refusal, or how many items were read."""
    try:
        return f"{len(workbook.read(body, 'a.xlsx').rules)} items"
    except InvalidInput as error:
        return error.code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file_empty"),
        (b"   \n", "file_empty"),
        (b"\x00\x01\x02", "file_unreadable"),
        (b"\xff\xfe\x00", "file_unreadable"),
        (b"PK\x03\x04 and no more", "file_unreadable"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "file_unreadable"),
        (SEALED, "file_protected"),
        ("没有清单".encode(), "workbook_without_list"),
        ("没有清单".encode("gbk"), "workbook_without_list"),
        (sheet(["申请书"]), "workbook_without_list"),
        (sheet(), "file_empty"),
    ],
)
def test_each_kind_of_wrong_file_is_refused_in_words(body: bytes, code: str) -> None:
    assert refused(body) == code


def test_a_workbook_with_macros_is_read_without_them() -> None:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/vbaProject.bin", b"\xcc\x61" * 1000)
    assert outcome(out.getvalue()) == "1 items"


def test_a_formula_is_not_computed() -> None:
    found = workbook.read(sheet(HEAD, ["平安", "学习", "听课", "=1+1"]), "a.xlsx")
    assert (found.rules, len(found.problems)) == ((), 1)


def test_cells_far_apart_do_not_fill_the_memory() -> None:
    far = rewritten(GOOD, lambda name, part: part.replace(b'r="A2"', b'r="XFD1048576"'))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(far) == "file_too_large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_package_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    blank = b" " * (spreadsheets.MAX_UNPACKED + 1)
    bomb = rewritten(GOOD, lambda name, part: part + blank if "styles" in name else part)
    assert len(bomb) < 1_000_000
    assert refused(bomb) == "file_too_large"


def test_a_hundred_thousand_lines_are_refused() -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("平安", "学习", "听课", "加2分/次"))
    lines = f"<row>{cells}</row>".encode() * 100_000
    long = rewritten(
        GOOD, lambda name, part: part.replace(b"</sheetData>", lines + b"</sheetData>") if "sheet1" in name else part
    )
    assert refused(long) == "file_too_large"


def test_a_hundred_thousand_lines_of_text_are_refused_as_soon_as_they_are_too_many() -> None:
    assert refused(("大类,行为,奖惩\n" + "平安,听课,加2分\n" * 100_000).encode("gbk"), "a.csv") == "file_too_large"


def test_too_many_items_are_refused() -> None:
    assert refused(("大类,行为,奖惩\n" + "平安,听课,加2分\n" * 1_500).encode(), "a.csv") == "workbook_too_long"


def test_no_damaged_bytes_bring_the_reading_down() -> None:
    chance = random.Random(7)
    body, seen = annexes(), set()
    for _ in range(400):
        broken = bytearray(body)
        for _ in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        seen.add(outcome(bytes(broken[: chance.randrange(len(broken))] if chance.random() < 0.3 else broken)))
    assert "file_unreadable" in seen


def test_no_damaged_markup_brings_the_reading_down() -> None:
    chance = random.Random(11)

    def damage(name: str, part: bytes) -> bytes:
        broken = bytearray(part)
        for _ in range(chance.randint(0, 4) if broken else 0):
            broken[chance.randrange(len(broken))] = chance.choice(b'<>"/&;0199AZ=')
        return bytes(broken)

    assert len({outcome(rewritten(GOOD, damage)) for _ in range(300)}) > 1
