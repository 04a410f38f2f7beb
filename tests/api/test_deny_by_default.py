"""Every route declares who may use it, every task where it runs."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from celery import Task
from django.urls import URLPattern, URLResolver
from rest_framework.viewsets import ViewSetMixin

from jifen.celery import app
from jifen.clocks import jobs
from jifen.kernel.permissions import Access, Permission, requirement_of
from jifen.kernel.tasks import PublicTask, TownTask

ROOMS = ("jifen.", "tenants.", "scoring.", "redemption.", "reporting.")


def routes(patterns: list[Any], path: str = "/") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here, pattern.callback


def all_routes() -> Iterator[tuple[str, Any]]:
    for name in ("jifen.urls.town", "jifen.urls.public"):
        yield from routes(import_module(name).urlpatterns, f"{name} /")


def actions_of(view: Any) -> set[str]:
    """The actions of a collection, the methods of another endpoint."""
    if issubclass(view.cls, ViewSetMixin):
        return set(view.actions.values())
    return {name for name in view.cls.http_method_names if hasattr(view.cls, name)} - {"options", "head"}


def is_closed(view: Any) -> bool:
    """Whether each way into ``view`` declares a permission."""
    needed = requirement_of(view)
    if isinstance(needed, dict):
        declared = all(isinstance(one, Permission | Access) for one in needed.values())
        return declared and actions_of(view) <= set(needed)
    return isinstance(needed, Permission | Access)


def our_tasks() -> dict[str, Task[Any, Any]]:
    app.loader.import_default_modules()
    app.finalize()
    jobs.known()
    return {name: task for name, task in app.tasks.items() if type(task).__module__.startswith(ROOMS)}


def test_every_route_says_who_may_use_it() -> None:
    found = dict(all_routes())
    assert len(found) > 10
    assert [path for path, view in found.items() if not is_closed(view)] == []


def test_every_task_says_where_it_runs() -> None:
    tasks = our_tasks()
    assert "jifen.clocks.tasks.tick" in tasks
    assert [name for name, task in tasks.items() if not isinstance(task, TownTask | PublicTask)] == []
    assert {task.queue for task in tasks.values()} <= {"town", "public", "owner"}  # type: ignore[attr-defined]


def test_every_job_on_the_calendar_has_its_task() -> None:
    assert {job.task for job in jobs.known().values()} <= set(our_tasks())
