"""The templates that come with the platform, and the reading of scheme files.

A file may build on others: ``extends: [seed_000, seed_003]`` joins their categories and rules (a rule with a known
code replaces it), and takes each policy section from the one parent that has it. Where both parents have a section the
file says which: ``lists: {from: seed_000}``, with further keys overriding single values; or it states the section anew.
"""

import re
from functools import lru_cache
from importlib import resources
from typing import Any

from pydantic import ValidationError

from jifen.kernel.errors import InvalidInput, NotFound
from scoring.rules import field_words, files, problems
from scoring.rules.spec import PLAIN, Rulebook, Scheme

_PACKAGE = "scoring"
_FOLDER = "library"


class SchemeInvalid(InvalidInput):
    """``data["problems"]`` lists (path, line, message), ``data["told"]`` the same in sentences."""

    code = "scheme_invalid"
    default_field = "file"


class SchemeUnknown(NotFound):
    code = "scheme_unknown"
    message = "没有“{scheme}”这个样张，请从样张列表中选。"


def available() -> list[str]:
    """Codes of the templates that come with the platform, sorted."""
    folder = resources.files(_PACKAGE) / _FOLDER
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


@lru_cache
def load(code: str) -> Scheme:
    """The template ``code``; SchemeUnknown when there is none."""
    return parse(text(code))


def text(code: str) -> str:
    """The file of template ``code`` as it stands; SchemeUnknown when there is none."""
    if code not in available():
        raise SchemeUnknown(scheme=code)
    return (resources.files(_PACKAGE) / _FOLDER / f"{code}.yaml").read_text(encoding="utf-8")


def parse(source: str) -> Scheme:
    """``source`` (YAML) as a scheme; SchemeInvalid lists every problem with path and line."""
    try:
        document = files.read(source)
    except files.FileUnreadable as error:
        raise _invalid([((), error.line, error.reason)]) from error
    data = _composed(document)
    try:
        return Scheme.model_validate(data)
    except ValidationError as error:
        raise _invalid([_problem(document, item) for item in error.errors()], data) from error


def parse_rulebook(source: str) -> Rulebook:
    """The rulebook of ``source`` (YAML): of a whole scheme, or of a file with nothing but a title and a ``rulebook``.

    Raises:
        SchemeInvalid: lists every problem with path and line.
    """
    try:
        document = files.read(source)
    except files.FileUnreadable as error:
        raise _invalid([((), error.line, error.reason)]) from error
    data = document.data
    if _is_whole(data):
        return parse(source).rulebook
    try:
        return Rulebook.model_validate(data["rulebook"])
    except ValidationError as error:
        found = [{**item, "loc": ("rulebook", *item["loc"])} for item in error.errors()]
        raise _invalid([_problem(document, item) for item in found], data) from error


def is_scheme(source: str) -> bool:
    """Whether ``source`` means to be a whole scheme rather than a rulebook by itself."""
    try:
        return _is_whole(files.read(source).data)
    except files.FileUnreadable:
        return True


def _is_whole(data: Any) -> bool:
    return not isinstance(data, dict) or "policy" in data or "extends" in data or "rulebook" not in data


def is_slug(code: str) -> bool:
    """Whether ``code`` can be the code of a template or an item."""
    return len(code) <= 40 and re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", code) is not None


def _composed(document: files.Document) -> Any:
    data = document.data
    if not isinstance(data, dict):
        raise _invalid([((), 1, "最外层应当是一组键值，例如 code: …")])
    own = {key: value for key, value in data.items() if key != "extends"}
    if "extends" not in data:
        return own
    parents = _parents(document)
    own["rulebook"] = _joined_rulebook(document, parents, _section(document, "rulebook"))
    own["policy"] = _joined_policy(document, parents, _section(document, "policy"))
    return own


def _section(document: files.Document, name: str) -> dict[str, Any]:
    section = document.data.get(name) or {}
    if not isinstance(section, dict):
        raise _invalid([((name,), document.line_of((name,)), "应当是一组键值")])
    return section


def _parents(document: files.Document) -> dict[str, dict[str, Any]]:
    names = document.data["extends"]
    known = available()
    if not isinstance(names, list) or not names or any(name not in known for name in names):
        line = document.line_of(("extends",))
        raise _invalid([(("extends",), line, f"应当是样张代码的列表，可用的有 {'、'.join(known)}")])
    return {name: load(name).model_dump(mode="json") for name in names}


def _joined_rulebook(
    document: files.Document, parents: dict[str, dict[str, Any]], own: dict[str, Any]
) -> dict[str, Any]:
    books = [parent["rulebook"] for parent in parents.values()] + [own]
    joined: dict[str, Any] = {key: value for key, value in own.items() if key not in ("categories", "rules")}
    if "settings" not in own:
        joined["settings"] = _joined_settings(document, parents)
    joined["categories"] = _by_key("name", [book.get("categories") for book in books])
    joined["rules"] = _by_key("code", [book.get("rules") for book in books])
    return joined


def _joined_settings(document: files.Document, parents: dict[str, dict[str, Any]]) -> Any:
    """Of each setting what the one parent says that says anything; where two differ the file says its own."""
    plain = PLAIN.model_dump(mode="json")
    told = [parent["rulebook"]["settings"] for parent in parents.values()]
    made = {}
    for name, unsaid in plain.items():
        said = {repr(one[name]): one[name] for one in told if one[name] != unsaid}
        if len(said) > 1:
            choice = f"{'、'.join(parents)} 的 settings 不一样，请在 rulebook 里写明 settings"
            raise _invalid([(("rulebook", "settings"), document.line_of(("rulebook",)), choice)])
        made[name] = next(iter(said.values()), unsaid)
    return made


def _by_key(key: str, lists: list[Any]) -> list[Any]:
    """The items of all ``lists`` in order; one with a known key replaces the earlier one in its place."""
    found: dict[Any, Any] = {}
    for number, items in enumerate(lists):
        for place, item in enumerate(items if isinstance(items, list) else []):
            name = item.get(key) if isinstance(item, dict) else None
            found[name if isinstance(name, str) else (number, place)] = item
    return list(found.values())


def _joined_policy(document: files.Document, parents: dict[str, dict[str, Any]], own: dict[str, Any]) -> dict[str, Any]:
    names = dict.fromkeys([name for parent in parents.values() for name in parent["policy"]] + list(own))
    return {name: _joined_section(document, parents, own.get(name), name) for name in names}


def _joined_section(document: files.Document, parents: dict[str, dict[str, Any]], own: Any, name: str) -> Any:
    where = ("policy", name)
    if isinstance(own, dict) and "from" in own:
        if own["from"] not in parents:
            raise _invalid([(where, document.line_of(where), f"from 只能是 {'、'.join(parents)}")])
        return _overridden(parents[own["from"]]["policy"][name], own)
    if own is not None:
        return own
    holders = [code for code, parent in parents.items() if parent["policy"][name]]
    if len(holders) > 1:
        choice = f"{'、'.join(holders)} 都规定了 {name}，请写 {name}: {{from: {holders[0]}}} 指明用哪一个"
        raise _invalid([(where, document.line_of(("policy",)), choice)])
    return parents[(holders or list(parents))[0]]["policy"][name]


def _overridden(base: Any, own: dict[str, Any]) -> Any:
    """``base`` with the keys of ``own``; an overridden value is no longer the parent's example."""
    changed = {key: value for key, value in own.items() if key != "from"}
    if not changed:
        return base
    if not isinstance(base, dict):
        return changed
    merged = {**base, **changed}
    if "examples" in base:
        merged["examples"] = [name for name in base["examples"] if name not in changed]
    return merged


def _problem(document: files.Document, error: Any) -> tuple[files.Path, int, str]:
    path = tuple(error["loc"])
    return path, _line(document, path), problems.words(error)


def _line(document: files.Document, path: files.Path) -> int:
    """The line of ``path``; steps that only the model knows (the kind of an amount) are left out."""
    found: files.Path = ()
    for step in path:
        if (*found, step) in document.lines:
            found = (*found, step)
    return document.line_of(found)


def _invalid(problems: list[tuple[files.Path, int, str]], data: Any = None) -> SchemeInvalid:
    listed = [(".".join(map(str, path)) or "文件", line, message) for path, line, message in problems]
    told = [f"第 {line} 行 {_place(path, data)}：{message}" for path, line, message in problems]
    return SchemeInvalid(f"规则文件有 {len(listed)} 处要改：{'；'.join(told)}。", problems=listed, told=told)


def _place(path: files.Path, data: Any) -> str:
    """“植树”的分值（points）: the item by its name, the field by what people call it and by its key."""
    names = [str(step) for step in path if isinstance(step, str)]
    if not names:
        return "文件"
    label = field_words.label(names)
    field = names[-1] if label == field_words.UNKNOWN else f"{label}（{names[-1]}）"
    title = _title(path, data)
    return f"“{title}”的{field}" if title else field


def _title(path: files.Path, data: Any) -> str:
    """Of the item that ``path`` leads into; its code, or its number, where it has none."""
    if path[:2] != ("rulebook", "rules") or len(path) < 3:
        return ""
    item: Any = data
    for step in path[:3]:
        try:
            item = item[step]
        except (KeyError, IndexError, TypeError):
            return ""
    named = (item.get("title") or item.get("code")) if isinstance(item, dict) else None
    return str(named or f"第{int(path[2]) + 1}条")
