"""Paper: typst templates of the rooms, filled with data that is never read as markup.

A template ``<app label>/<name>.typ`` lies in that app's ``typst/`` folder and is compiled behind ``common.typ`` of this
room (page set-up, ``data``, ``qr`` …); it reaches no file and no system font, and its data comes as JSON.
A character that the font does not have is printed as 〓 and named at the foot of the page, so that nothing is lost
silently.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from django.apps import apps
from fontTools.ttLib import TTFont

from jifen.kernel import clock
from jifen.kernel.points import plain
from jifen.web.wording import date_cn, datetime_cn

FONT_FOLDER = Path(str(files("justmytype_intl_cjk"))) / "fonts" / "ofl"
FAMILIES = ("notosanssc", "notosanstc")  # the second has rare characters that the first lacks
GETA = "〓"
_COMMON = Path(__file__).parent / "typst" / "common.typ"


def compile(template: str, data: Mapping[str, Any]) -> bytes:  # noqa: A001 — the word of the trade
    """The PDF/A-2b of ``template`` (``redemption/voucher.typ``) filled with ``data``.

    ``data`` holds texts, numbers, dates (printed 2025年3月5日), decimals (printed as points), lists and mappings.

    Raises:
        typst.TypstError: the template is wrong.
    """
    ready, lost = _replaced(_plain(dict(data)))
    document: Any = _compiler(template).compile(
        format="pdf",
        sys_inputs={"data": json.dumps({**ready, "lost": lost}, ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=int(clock.now().timestamp()),
    )
    return bytes(document)


def missing(text: str) -> list[str]:
    """The characters of ``text`` that the font cannot print, each once, in their order."""
    return [char for char in dict.fromkeys(text) if ord(char) not in _code_points() and char not in "\r\n\t"]


def qr_svg(text: str) -> str:
    """``text`` as a QR drawing for a template's ``qr``."""
    buffer = BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", border=2, dark="#000", light="#fff")
    return buffer.getvalue().decode()


def _compiler(template: str) -> typst.Compiler:
    label, _, name = template.partition("/")
    folder = Path(apps.get_app_config(label).path) / "typst"
    source = _COMMON.read_bytes() + b"\n" + (folder / name).read_bytes()
    return typst.Compiler(source, root=str(folder), font_paths=_fonts())


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folders = [str(FONT_FOLDER / family) for family in FAMILIES]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@lru_cache(maxsize=1)
def _code_points() -> frozenset[int]:
    found: set[int] = set()
    for family in FAMILIES:
        for path in (FONT_FOLDER / family).glob("*.ttf"):
            with TTFont(path, lazy=True) as font:
                found.update(font.getBestCmap())
    return frozenset(found)


def _plain(value: Any) -> Any:
    """JSON's own types: a decimal as people write points, a date in words."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return datetime_cn(value)
    return date_cn(value) if isinstance(value, date) else value


def _replaced(data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """``data`` with 〓 for what the font lacks, and those characters' names (``U+2A6A5``)."""
    lost = missing("".join(_texts(data)))
    table = {ord(char): GETA for char in lost}
    return (_translated(data, table) if table else data), [f"U+{ord(char):04X}" for char in lost]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _translated(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, Mapping):
        return {key: _translated(part, table) for key, part in value.items()}
    return [_translated(part, table) for part in value] if isinstance(value, list) else value
