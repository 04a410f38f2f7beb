"""Half-width signs in Chinese sentences (commas, colons, marks, brackets): where they stand, how they are mended.

``python -m tests.punctuation --mend`` puts the full-width signs in their place.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("platform", "tenants", "scoring", "redemption", "reporting")
FLOWS = "platform/jifen/approvals/library"
KINDS = ("html", "py", "typ", "js")
_FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}
_BEFORE = r"[\u4e00-\u9fff”）》】]"
_AFTER = r"[\u4e00-\u9fff“（《【]"
_LET_THROUGH = re.compile(r'yesno:"[^"]*"|yesno:\'[^\']*\'|\w+://[^\s。；，"]+|\b[a-z_]+:(?=[\u4e00-\u9fff])')
"""What Django takes apart at half-width commas (``yesno``), addresses, and codes with their words."""
LEFT = {"topics.py", "columns.py", "words.py", "models.py"}
"""Words that are looked for in what others write, and labels that migrations keep."""
_WRONG = re.compile(
    rf"(?<={_BEFORE})[,:;](?={_AFTER}|[A-Za-z0-9{{]|\s*$)|(?<={_BEFORE})[?!]|(?<=[A-Za-z0-9}}])[,:;](?={_AFTER})"
)
_AT_TAG = re.compile(rf"(?<={_BEFORE})[,:;](?=[<\"])")
"""On a page, one that ends an element's text or a template's."""
_SCRIPT = re.compile(rf"(?<={_BEFORE})[,:;](?={_AFTER})|(?<={_BEFORE})[?!]")
_BRACKETS = re.compile(rf"(?:(?<={_BEFORE})\(|\((?={_AFTER}))(?:[^()]|\([^()]*\))*\)")
"""A pair that touches Chinese words before it or inside it."""
_AFTER_VALUE = re.compile(r"(?<=\}\})(?:</\w+>)?(?P<pair>\((?:[^()]|\([^()]*\))*\))")
"""On a page, one that follows a value."""


def files() -> Iterator[Path]:
    """Templates, papers, scripts and Python of the rooms, and the flows that towns start from.

    No migrations, which stay as they were, nor the schemes, which quote their sources.
    """
    yield from sorted((ROOT / FLOWS).glob("*.yaml"))
    for room in ROOMS:
        for kind in KINDS:
            for path in sorted((ROOT / room).rglob(f"*.{kind}")):
                if path.name not in LEFT and not {"migrations", "models", "vendor", "node_modules"} & set(path.parts):
                    yield path


def wrong(path: Path) -> list[tuple[int, int]]:
    """Offsets of the half-width signs, in a Python file in its texts alone, and their lines."""
    text = path.read_text(encoding="utf-8")
    spots = {".py": _in_python, ".html": _in_page, ".yaml": _in_flows}.get(path.suffix, _in_script)(text)
    return [(at, text.count("\n", 0, at) + 1) for at in sorted(set(spots))]


def mend(path: Path) -> int:
    """Put the full-width signs in; returns how many."""
    count = 0
    while spots := {at for at, _ in wrong(path)}:
        text = path.read_text(encoding="utf-8")
        path.write_text("".join(_FULL[sign] if at in spots else sign for at, sign in enumerate(text)), encoding="utf-8")
        count += len(spots)
    return count


def _in_script(text: str) -> list[int]:
    return [found.start() for found in _SCRIPT.finditer(text)]


def _in_page(text: str) -> list[int]:
    pairs = [at for found in _AFTER_VALUE.finditer(text) for at in (found.start("pair"), found.end() - 1)]
    spared = {at for found in _LET_THROUGH.finditer(text) for at in range(*found.span())}
    ends = [found.start() for found in _AT_TAG.finditer(text) if found.start() not in spared]
    return [*_in_sentence(text), *ends, *pairs]


def _in_flows(text: str) -> list[int]:
    """In a file of flows: comments are sentences; elsewhere a sign at the end of a line may be YAML's own."""
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        inside = _in_sentence(line) if line.startswith("#") else [*_in_script(line), *_in_brackets(line)]
        found += [start + at for at in inside]
        start += len(line)
    return found


def _in_brackets(text: str) -> list[int]:
    return [at for found in _BRACKETS.finditer(text) for at in (found.start(), found.end() - 1)]


def _in_sentence(text: str) -> list[int]:
    spared = {at for found in _LET_THROUGH.finditer(text) for at in range(*found.span())}
    pairs = _in_brackets(text)
    return [at for at in (*(found.start() for found in _WRONG.finditer(text)), *pairs) if at not in spared]


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
            yield from (offset + at for at in _in_sentence(body))


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
