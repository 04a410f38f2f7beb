"""One change at a time to a flow (pure: no Django). Each gives a new definition; the old one stays as it was.

A place to put something is a ``spot``: ``""`` the beginning, ``after:KEY`` behind a step or fork, ``path:KEY:NUMBER``
the beginning of a path of a fork (counted from 0).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jifen.approvals.definition import Definition, Fork, ForkKind, Path, Step, parse
from jifen.kernel.errors import Conflict

Node = Step | Fork
Change = Callable[[list[Node], int], list[Node]]


class NodeGone(Conflict):
    code = "approval_node_gone"
    message = "这一步已经不在流程里，请刷新后再改。"


def add_step(definition: Definition, *, spot: str, step: Mapping[str, Any]) -> Definition:
    """Raises:
    StepsWrong, NodeGone
    """
    return _placed(definition, spot, _node(step))


def add_fork(definition: Definition, *, spot: str, kind: ForkKind, name: str = "") -> Definition:
    """A fork with two empty paths, named so that one sees which is which.

    Raises:
        StepsWrong, NodeGone
    """
    paths = [{"name": "第一路"}, {"name": "其他" if kind == "choose" else "第二路"}]
    if kind != "parallel":
        paths[0]["when"] = "true"
    return _placed(definition, spot, _node({"name": name, "kind": kind, "paths": paths}))


def replace(definition: Definition, *, key: str, step: Mapping[str, Any]) -> Definition:
    """The step keeps its key, whatever its new name: items under way find it again.

    Raises:
        StepsWrong, NodeGone
    """
    node = _node({**step, "key": key})
    return _at(definition, key, lambda nodes, index: [*nodes[:index], node, *nodes[index + 1 :]])


def remove(definition: Definition, *, key: str) -> Definition:
    """A step, or a fork with all that is in it.

    Raises:
        StepsWrong: it is the last step of all. NodeGone.
    """
    return _at(definition, key, lambda nodes, index: [*nodes[:index], *nodes[index + 1 :]])


def move(definition: Definition, *, key: str, up: bool) -> Definition:
    """One place up or down among its neighbours; at the end it stays.

    Raises:
        NodeGone
    """
    return _at(definition, key, lambda nodes, index: _moved(nodes, index, -1 if up else 1))


def add_path(definition: Definition, *, key: str) -> Definition:
    """One more path before the last one; in a choice it asks for its condition.

    Raises:
        StepsWrong, NodeGone
    """
    fork = _fork(definition, key)
    path = Path(name=f"第{len(fork.paths) + 1}路", when="" if fork.kind == "parallel" else "true")
    return _with_paths(definition, fork, [*fork.paths[:-1], path, fork.paths[-1]])


def change_path(definition: Definition, *, key: str, number: int, name: str, when: str) -> Definition:
    """Raises:
    StepsWrong: the conditions of the fork do not fit together. NodeGone.
    """
    fork = _fork(definition, key)
    path = _path(fork, number).model_copy(update={"name": name.strip(), "when": when.strip()})
    return _with_paths(definition, fork, [*fork.paths[:number], path, *fork.paths[number + 1 :]])


def remove_path(definition: Definition, *, key: str, number: int) -> Definition:
    """With its steps; the last path takes the fork with it.

    Raises:
        StepsWrong, NodeGone
    """
    fork = _fork(definition, key)
    _path(fork, number)
    rest = [*fork.paths[:number], *fork.paths[number + 1 :]]
    return _with_paths(definition, fork, rest) if rest else remove(definition, key=key)


def rename_fork(definition: Definition, *, key: str, name: str, kind: ForkKind) -> Definition:
    """Raises:
    StepsWrong: the paths' conditions do not suit the new kind. NodeGone.
    """
    fork = _fork(definition, key)
    node = _node({**fork.model_dump(mode="json"), "name": name.strip(), "kind": kind})
    return _at(definition, key, lambda nodes, index: [*nodes[:index], node, *nodes[index + 1 :]])


def _node(raw: Mapping[str, Any]) -> Node:
    """One node, checked by itself; a fork may still be empty."""
    if "paths" in raw:
        return parse({"steps": [raw, {"name": "占位", "key": " ", "who": {"role": " "}}]}).steps[0]
    return parse({"steps": [raw]}).steps[0]


def _placed(definition: Definition, spot: str, node: Node) -> Definition:
    node = _fresh(node, definition)
    if not spot:
        return _built(definition, [node, *definition.steps])
    word, _, rest = spot.partition(":")
    if word == "after":
        return _at(definition, rest, lambda nodes, index: [*nodes[: index + 1], node, *nodes[index + 1 :]])
    key, _, number = rest.rpartition(":")
    fork, place = _fork(definition, key), int(number) if number.isdecimal() else -1
    path = _path(fork, place)
    longer = path.model_copy(update={"steps": (node, *path.steps)})
    return _with_paths(definition, fork, [*fork.paths[:place], longer, *fork.paths[place + 1 :]])


def _fresh(node: Node, definition: Definition) -> Node:
    """A key of its own, as the flow has the name already."""
    nodes: list[Node] = [*definition.all_steps(), *definition.all_forks()]
    taken = {one.key for one in nodes}
    keys = (node.key, *(f"{node.key}·{number}" for number in range(2, len(taken) + 3)))
    return node.model_copy(update={"key": next(key for key in keys if key not in taken)})


def _with_paths(definition: Definition, fork: Fork, paths: Sequence[Path]) -> Definition:
    node = fork.model_copy(update={"paths": tuple(paths)})
    return _at(definition, fork.key, lambda nodes, index: [*nodes[:index], node, *nodes[index + 1 :]])


def _at(definition: Definition, key: str, change: Change) -> Definition:
    found: list[bool] = []
    nodes = _changed(list(definition.steps), key, change, found)
    if not found:
        raise NodeGone
    return _built(definition, nodes)


def _changed(nodes: list[Node], key: str, change: Change, found: list[bool]) -> list[Node]:
    """The sequence that holds ``key``, wherever it is, changed."""
    for index, node in enumerate(nodes):
        if node.key == key:
            found.append(True)
            return change(nodes, index)
    return [_inside(node, key, change, found) for node in nodes]


def _inside(node: Node, key: str, change: Change, found: list[bool]) -> Node:
    if isinstance(node, Step):
        return node
    paths = [
        path.model_copy(update={"steps": tuple(_changed(list(path.steps), key, change, found))}) for path in node.paths
    ]
    return node.model_copy(update={"paths": tuple(paths)})


def _built(definition: Definition, nodes: Sequence[Node]) -> Definition:
    """Checked as a whole again."""
    raw = [node.model_dump(mode="json") for node in nodes]
    return parse({"name": definition.name, "steps": raw})


def _moved(nodes: list[Node], index: int, by: int) -> list[Node]:
    other = index + by
    if not 0 <= other < len(nodes):
        return nodes
    swapped = list(nodes)
    swapped[index], swapped[other] = swapped[other], swapped[index]
    return swapped


def _fork(definition: Definition, key: str) -> Fork:
    found = next((fork for fork in definition.all_forks() if fork.key == key), None)
    if found is None:
        raise NodeGone
    return found


def _path(fork: Fork, number: int) -> Path:
    if not 0 <= number < len(fork.paths):
        raise NodeGone
    return fork.paths[number]
