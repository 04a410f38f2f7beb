"""What people see of a workbook's cells and the reading of their values does not tell: hidden rows, text that is struck
out, numbers that a format shows as something else.

Read from the parts of the package (.xlsx), which was checked to be bearable; the old format (.xls) tells none of it.
"""

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

Place = tuple[int, int]

_CHUNK = 4 * 1024 * 1024
_TAG = r"<(?:\w+:)?"
_SHEET = re.compile(_TAG + r"sheet\s([^>]*)>")
_RELATION = re.compile(_TAG + r"Relationship\s([^>]*)>")
_STRIKE = re.compile(_TAG + r"strike(?:\s+val=\"(?:1|true)\")?\s*/?>")
_FORMAT = re.compile(_TAG + r"numFmt\s([^>]*)>")
_FONT = re.compile(_TAG + r"font(?:\s[^>]*)?>")
_STYLE = re.compile(_TAG + r"xf\s([^>]*)>")
_STRING = re.compile(_TAG + r"si(?:\s[^>]*)?>")
_ITEM = re.compile(_TAG + r"(row|c)\s([^>]*)>")
_ROW_END = b"row>"
_INDEX = re.compile(_TAG + r"v>(\d{1,9})<")
_AT = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ODD_FORMATS = frozenset({"9", "10", "12", "13"})
"""Percentages and fractions, which every workbook has."""
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_SPACING = re.compile(r"\[[^\]]*\]|[_*].")


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one sheet, rows and columns from 0: rows that are hidden, cells with struck-out text, ``masked`` cells whose
    number is shown as another text."""

    hidden_rows: frozenset[int] = frozenset()
    struck: frozenset[Place] = frozenset()
    masked: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class _Looks:
    """Which styles strike out or mask, which shared strings are struck out."""

    struck: frozenset[str]
    masked: frozenset[str]
    strings: frozenset[str]


def find(package: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of each sheet by its name. Errors are those of the package."""
    parts = {part.filename: part for part in package.infolist()}
    looks = _looks(package, parts)
    found = {}
    for name, target in _targets(package, parts):
        if target in parts:
            found[name] = _marks(package, parts[target], looks)
    return found


def _text(package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str) -> str:
    return package.read(parts[name]).decode("utf-8", "replace") if name in parts else ""


def _attribute(text: str, name: str) -> str:
    found = re.search(rf'(?:^|\s){name}="([^"]*)"', text)
    return html.unescape(found.group(1)) if found else ""


def _targets(package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the part that holds it."""
    told = _text(package, parts, "xl/_rels/workbook.xml.rels")
    relations = {_attribute(one, "Id"): _attribute(one, "Target") for one in _RELATION.findall(told)}
    for sheet in _SHEET.findall(_text(package, parts, "xl/workbook.xml")):
        target = relations.get(_attribute(sheet, r"\w+:id"), "")
        yield _attribute(sheet, "name"), target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _looks(package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> _Looks:
    styles = _text(package, parts, "xl/styles.xml")
    fonts = [bool(_STRIKE.search(font)) for font in _FONT.split(_between(styles, "fonts"))[1:]]
    formats = {_attribute(one, "numFmtId"): _attribute(one, "formatCode") for one in _FORMAT.findall(styles)}
    odd = _ODD_FORMATS | {number for number, code in formats.items() if _masks(code)}
    struck, masked = set(), set()
    for place, style in enumerate(_STYLE.findall(_between(styles, "cellXfs"))):
        font = _attribute(style, "fontId")
        if font.isdecimal() and int(font) < len(fonts) and fonts[int(font)]:
            struck.add(str(place))
        if _attribute(style, "numFmtId") in odd:
            masked.add(str(place))
    strings = _STRING.split(_text(package, parts, "xl/sharedStrings.xml"))[1:]
    told = frozenset(str(place) for place, text in enumerate(strings) if _STRIKE.search(text))
    return _Looks(frozenset(struck), frozenset(masked), told)


def _between(text: str, tag: str) -> str:
    """What the first element ``tag`` holds."""
    start = re.search(rf"{_TAG}{tag}[\s>]", text)
    end = re.search(rf"</(?:\w+:)?{tag}>", text)
    return text[start.end() : end.start()] if start and end else ""


def _masks(code: str) -> bool:
    """Whether a format shows a number above nothing as more than that number of points."""
    first = _SPACING.sub("", code.split(";", maxsplit=1)[0])
    literals = "".join(quoted or escaped for quoted, escaped in _LITERAL.findall(first)).strip()
    return "%" in _LITERAL.sub("", first) or "/" in _LITERAL.sub("", first) or literals not in ("", "分", "+")


def _marks(package: zipfile.ZipFile, part: zipfile.ZipInfo, looks: _Looks) -> Marks:
    hidden: set[int] = set()
    struck: set[Place] = set()
    masked: set[Place] = set()
    row = -1
    for text in _rows(package, part):
        for item, end in _items(text):
            about = item[2]
            if item[1] == "row":
                told = _attribute(about, "r")
                row = int(told) - 1 if told.isdecimal() else row + 1
                if _attribute(about, "hidden") in ("1", "true") or _attribute(about, "ht") == "0":
                    hidden.add(row)
                continue
            place = _AT.fullmatch(_attribute(about, "r"))
            if place is None:
                continue
            _look(about, text[item.end() : end], _place(place), looks, struck, masked)
    return Marks(frozenset(hidden), frozenset(struck), frozenset(masked))


def _items(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """The rows and cells of ``text``, each with where it ends."""
    items = list(_ITEM.finditer(text))
    yield from zip(items, (*(one.start() for one in items[1:]), len(text)), strict=False)


def _look(about: str, body: str, place: Place, looks: _Looks, struck: set[Place], masked: set[Place]) -> None:
    style, kind = _attribute(about, "s"), _attribute(about, "t")
    index = _INDEX.search(body) if kind == "s" and looks.strings else None
    if style in looks.struck or (index and index[1] in looks.strings) or (kind == "inlineStr" and _STRIKE.search(body)):
        struck.add(place)
    if kind in ("", "n") and style in looks.masked:
        masked.add(place)


def _rows(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[str]:
    """The text of a sheet, some whole rows at a time."""
    rest = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            end = rest.rfind(_ROW_END) + len(_ROW_END)
            if end >= len(_ROW_END):
                yield rest[:end].decode("utf-8", "replace")
                rest = rest[end:]
    yield rest.decode("utf-8", "replace")


def _place(found: re.Match[str]) -> Place:
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return int(found[2]) - 1, number - 1
