"""Every route declares who may use it, every task where it runs."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver
from rest_framework.viewsets import ViewSetMixin

from jifen.celery import app
from jifen.clocks import jobs
from jifen.kernel.permissions import Access, Permission, requirement_of
from jifen.kernel.tasks import OwnerTask, PublicTask, TownTask

ROOMS = ("jifen.", "tenants.", "scoring.", "redemption.", "reporting.")


def routes(patterns: list[Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here, pattern.callback


def all_routes() -> list[Any]:
    found = []
    for name in ("jifen.urls.town", "jifen.urls.public"):
        found += [pytest.param(view, id=f"{name}:{path}") for path, view in routes(import_module(name).urlpatterns)]
    return found


def actions_of(view: Any) -> set[str]:
    """The actions of a viewset, the methods of another endpoint."""
    if issubclass(view.cls, ViewSetMixin):
        return set(view.actions.values())
    return {name for name in view.cls.http_method_names if hasattr(view.cls, name)} - {"options", "head"}


@pytest.mark.parametrize("view", all_routes())
def test_every_route_says_who_may_use_it(view: Any) -> None:
    needed = requirement_of(view)
    assert needed, f"{view!r} declares no permission"
    if isinstance(needed, dict):
        assert actions_of(view) - {"head"} <= set(needed), f"{view!r} leaves {actions_of(view) - set(needed)} open"
    each = needed.values() if isinstance(needed, dict) else [needed]
    assert all(isinstance(one, Permission | Access) for one in each)


def our_tasks() -> list[str]:
    app.loader.import_default_modules()
    app.finalize()
    jobs.known()
    return sorted(name for name, task in app.tasks.items() if type(task).__module__.startswith(ROOMS))


@pytest.mark.parametrize("name", our_tasks())
def test_every_task_says_where_it_runs(name: str) -> None:
    task = app.tasks[name]
    assert isinstance(task, TownTask | PublicTask | OwnerTask)
    assert task.queue in ("town", "public", "owner")
    assert task.acks_late


def test_every_job_on_the_calendar_has_its_task() -> None:
    assert {job.task for job in jobs.known().values()} <= set(our_tasks())
