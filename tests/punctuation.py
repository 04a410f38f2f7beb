"""Half-width commas, colons and semicolons in Chinese sentences: where they stand, and how they are mended.

``python -m tests.punctuation --mend`` puts the full-width signs in their place.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("platform", "tenants", "scoring", "redemption", "reporting")
KINDS = ("html", "py", "typ", "js")
_FULL = {",": "，", ":": "：", ";": "；"}
_BEFORE = r"[\u4e00-\u9fff”）》】]"
_AFTER = r"[\u4e00-\u9fff“（《【]"
_LET_THROUGH = re.compile(r'yesno:"[^"]*"|yesno:\'[^\']*\'')
"""Django takes the words of ``yesno`` apart at half-width commas."""
_WRONG = re.compile(
    rf"(?<={_BEFORE})[,:;](?={_AFTER})"
    rf"|(?<=[}}])[,:;](?={_AFTER})|(?<={_BEFORE})[,:;](?={{)"
    rf"|(?<={_BEFORE})[,:;](?=\s*$)"
)
_WRONG_INSIDE = re.compile(rf"(?<={_BEFORE})[,:;](?={_AFTER}|{{|\d|$)|(?<=[}}\d])[,:;](?={_AFTER})")
_SCRIPT = re.compile(rf"(?<={_BEFORE})[,:;](?={_AFTER})")


def files() -> Iterator[Path]:
    """Templates, papers, scripts and Python of the rooms; no migrations, which stay as they were."""
    for room in ROOMS:
        for kind in KINDS:
            for path in sorted((ROOT / room).rglob(f"*.{kind}")):
                if not {"migrations", "vendor", "node_modules"} & set(path.parts):
                    yield path


def wrong(path: Path) -> list[tuple[int, int]]:
    """Offsets of the half-width signs, in a Python file in its texts alone, and their lines."""
    text = path.read_text(encoding="utf-8")
    spots = _in_python(text) if path.suffix == ".py" else _in(text, _WRONG if path.suffix == ".html" else _SCRIPT)
    return [(at, text.count("\n", 0, at) + 1) for at in sorted(set(spots))]


def mend(path: Path) -> int:
    """Put the full-width signs in; returns how many."""
    text, spots = path.read_text(encoding="utf-8"), {at for at, _ in wrong(path)}
    if spots:
        path.write_text("".join(_FULL[sign] if at in spots else sign for at, sign in enumerate(text)), encoding="utf-8")
    return len(spots)


def _in(text: str, pattern: re.Pattern[str]) -> list[int]:
    spared = {at for found in _LET_THROUGH.finditer(text) for at in range(*found.span())}
    return [found.start() for found in pattern.finditer(text) if found.start() not in spared]


def _in_python(text: str) -> Iterator[int]:
    """Inside texts that people may read: no docstring, no pattern of ``re``."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    raw = text.encode()
    tree = ast.parse(text)
    spared = {id(one) for one in _docstrings(tree)} | {id(one) for one in _patterns(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in spared and _is_text(node):
            first = starts[node.lineno - 1] + node.col_offset
            last = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
            piece = raw[first:last].decode()
            offset = len(raw[:first].decode())
            body = piece.rstrip("\"'")
            yield from (offset + at for at in _in(body, _WRONG_INSIDE))


def _is_text(node: ast.Constant | ast.JoinedStr) -> bool:
    return isinstance(node, ast.JoinedStr) or isinstance(node.value, str)


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _patterns(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func)[:3] == "re.":
            yield from ast.walk(node)


if __name__ == "__main__":
    found = [(path, mend(path) if "--mend" in sys.argv else len(wrong(path))) for path in files()]
    for path, count in found:
        if count:
            print(f"{path.relative_to(ROOT)}: {count}")
    print(sum(count for _, count in found))
