"""The API's description in the words of those who call it: ``operations.yaml`` for the calls, none of our docstrings.

Docstrings are English and for whoever reads the code; what is not said in Chinese is left out of the description.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PREFIX = "/api/v1/"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"([A-Za-z']+[ ,]+){3}")
_TEXTS = ("description", "summary")
_ANSWERS = {"201": "已办成", "202": "已受理，等待审批", "204": "已办成，没有内容"}


@cache
def operations() -> dict[str, dict[str, str]]:
    """First part of the address → its name and a sentence for each call below it (``post {id}/cancel``)."""
    text = Path(__file__).with_name("operations.yaml").read_text(encoding="utf-8")
    words: dict[str, dict[str, str]] = yaml.safe_load(text)
    return words


def is_chinese(text: Any) -> bool:
    """Whether it is said in Chinese, and not in English with a Chinese term."""
    return bool(_CHINESE.search(str(text))) and not _ENGLISH.search(str(text))


def speak_chinese(result: dict[str, Any], generator: Any, request: Any, public: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook."""
    for node in _nodes(result.get("components", {})):
        _drop_english(node)
    for address, calls in result.get("paths", {}).items():
        for method, call in calls.items():
            for node in _nodes(call.get("parameters", [])):
                _drop_english(node)
            _describe(call, address, method)
    return result


def _describe(call: dict[str, Any], address: str, method: str) -> None:
    subject, _, rest = address.removeprefix(PREFIX).strip("/").partition("/")
    words = operations().get(subject, {})
    call.pop("description", None)
    call["tags"] = [words.get("name", subject)]
    call["summary"] = words.get(f"{method} {rest}".strip()) or _usual(words.get("name", subject), rest)
    for status, answer in call["responses"].items():
        if not is_chinese(answer.get("description", "")):
            answer["description"] = _ANSWERS.get(status, "成功")


def _usual(name: str, rest: str) -> str:
    """Reading a collection, or one of its rows."""
    return f"查看一项{name}" if rest else f"查询{name}"


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _nodes(part)


def _drop_english(node: dict[str, Any]) -> None:
    for name in _TEXTS:
        if not isinstance(node.get(name, {}), dict) and not is_chinese(node[name]):
            del node[name]
