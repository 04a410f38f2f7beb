"""YAML with positions: plain data, and for every value the line it stands on."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import yaml

MAX_LENGTH = 500_000
Path = tuple[str | int, ...]


class FileUnreadable(Exception):
    """The text is no acceptable YAML; ``line`` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Document:
    """``data`` as read and ``lines`` by path into it."""

    data: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of the value at ``path``, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Loader(yaml.SafeLoader):
    """Numbers with a point stay text, so that no float ever comes in; no aliases, so that a file cannot explode."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise FileUnreadable(self.line + 1, "不能用 * 引用")
        return super().compose_node(parent, index)


def _number_as_text(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:float", _number_as_text)


def read(text: str) -> Document:
    """``text`` as a Document; FileUnreadable says line and reason."""
    if len(text) > MAX_LENGTH:
        raise FileUnreadable(1, f"文件超过 {MAX_LENGTH} 字")
    try:
        return _document(_Loader(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise FileUnreadable(mark.line + 1 if mark else 1, "缩进、冒号或引号不对") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FileUnreadable(1, "不是有效的 YAML 文件") from error


def _document(loader: _Loader) -> Document:
    node = loader.get_single_node()
    if node is None:
        raise FileUnreadable(1, "文件是空的")
    lines: dict[Path, int] = {}
    _survey(node, (), lines)
    return Document(loader.construct_document(node), lines)


def _survey(node: yaml.Node, path: Path, lines: dict[Path, int]) -> None:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _survey(item, (*path, index), lines)
    elif isinstance(node, yaml.MappingNode):
        _survey_mapping(node, path, lines)


def _survey_mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> None:
    seen: set[Hashable] = set()
    for key, value in node.value:
        name = key.value
        if not isinstance(name, str) or name in seen:
            raise FileUnreadable(key.start_mark.line + 1, f"“{name}”重复，或不能作键名")
        seen.add(name)
        _survey(value, (*path, name), lines)
