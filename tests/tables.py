"""Tables of operations × roles × a foreign town: what is on the router, and what the answers mean.

y  it is done       w  hers to do, but not as things stand (409, 422)
f  forbidden        n  it does not exist for her (404, or not among what is listed)       u  nobody is signed in
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from jifen.api import routing

BASE = "/api/v1/"
Belongs = Callable[[str, Any], bool]


def parsed(table: str) -> dict[str, str]:
    """Operation -> a letter for each role."""
    return {words[0]: "".join(words[1:]) for line in table.strip().splitlines() if (words := line.split())}


def operations(belongs: Belongs) -> dict[str, tuple[str, str]]:
    """``prefix:action`` -> method and address of each of the towns' calls for which ``belongs(prefix, view)``."""
    routing.load()
    found: dict[str, tuple[str, str]] = {}
    for prefix, kind, _ in routing.town_router.registry:
        viewset: Any = kind
        if belongs(prefix, viewset):
            for name in viewset.permissions:
                found[f"{prefix}:{name}"] = _call(prefix, viewset, name)
    for one in routing.town_router.get_urls():
        view = getattr(getattr(one, "callback", None), "view_class", None)
        route = str(one.pattern)
        if view is not None and belongs(route, view):
            found |= {f"{route.rstrip('/')}:{name}": (name, route) for name in view.permissions}
    return found


def groups(operations: Iterable[str]) -> list[str]:
    """What stands before the colon, each once: the operations of one are tried in one scene."""
    return sorted({name.rpartition(":")[0] for name in operations})


def of(group: str, operations: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {name: call for name, call in operations.items() if name.rpartition(":")[0] == group}


def _call(prefix: str, viewset: Any, name: str) -> tuple[str, str]:
    """Plain actions of a collection, and extra ones by their own address."""
    plain = {
        "list": ("get", f"{prefix}/"), "create": ("post", f"{prefix}/"), "retrieve": ("get", f"{prefix}/PK/"),
        "update": ("put", f"{prefix}/PK/"),
    }  # fmt: skip
    if name in plain:
        return plain[name]
    extra = getattr(viewset, name)
    [method] = extra.mapping
    return method, f"{prefix}/{'PK/' if extra.detail else ''}{extra.url_path}/"


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def letter(answer: Any) -> str:
    """What the status means; ``y`` may still be narrowed down by who reads the answer."""
    if answer.status_code in (401, 403, 404):
        return {401: "u", 403: "f", 404: "n"}[answer.status_code]
    if answer.status_code in (409, 422):
        return "w"
    assert answer.status_code < 300, answer.content.decode()
    return "y"


def listed(answer: Any, key: int, name: str = "id") -> str:
    return "y" if key in [row[name] for row in answer.json()["results"]] else "n"
