"""Deny by default."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from jifen.kernel.errors import Forbidden, Unauthenticated
from jifen.kernel.permissions import (
    Access,
    DenyByDefaultMiddleware,
    Grant,
    Grants,
    Permission,
    allot,
    allotted_to,
    grants_of,
    page,
    require,
    requirement_of,
)


class Deed(Permission):
    RECORD = "kernel_test.record"
    REVIEW = "kernel_test.review"


class Person:
    is_authenticated = True

    def __init__(self, *grants: Grant) -> None:
        self._jifen_grants = Grants(grants)


ADMIN = Person(Grant(frozenset(Deed)))
STEWARD = Person(Grant(frozenset({Deed.RECORD}), "village", 3), Grant(frozenset({Deed.RECORD}), "village", 4))


def test_a_grant_over_everything_covers_every_village() -> None:
    assert grants_of(ADMIN).allows(Deed.REVIEW, village=9)
    assert grants_of(ADMIN).scope(Deed.REVIEW, "village") is None


def test_a_grant_over_a_village_covers_that_village_alone() -> None:
    grants = grants_of(STEWARD)
    assert grants.allows(Deed.RECORD)
    assert grants.allows(Deed.RECORD, village=3)
    assert not grants.allows(Deed.RECORD, village=5)
    assert not grants.allows(Deed.RECORD, household=3)
    assert grants.scope(Deed.RECORD, "village") == {3, 4}
    assert grants.scope(Deed.REVIEW, "village") == set()


def test_require_tells_nobody_from_somebody_without() -> None:
    require(STEWARD, Deed.RECORD, village=3)
    with pytest.raises(Forbidden):
        require(STEWARD, Deed.RECORD, village=5)
    with pytest.raises(Unauthenticated):
        require(AnonymousUser(), Deed.RECORD)


def test_rooms_add_to_what_a_role_may_do() -> None:
    allot("kernel_test_role", Deed.RECORD)
    allot("kernel_test_role", Deed.REVIEW)
    assert allotted_to("kernel_test_role") == {Deed.RECORD, Deed.REVIEW}
    assert allotted_to("kernel_test_nobody") == frozenset()


@page(permission=Deed.RECORD)
def record(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@page(permission=Access.ANYONE)
def landing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@page(permission=Access.SIGNED_IN)
def own(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def gate(view: Any, user: Any, **headers: str) -> int:
    """The status that the middleware answers with; 200 when it lets through."""
    request = RequestFactory().get("/village/record/", headers=headers)
    request.user = user
    answer = DenyByDefaultMiddleware(view).process_view(request, view, (), {})
    return answer.status_code if answer is not None else 200


@pytest.mark.parametrize(
    ("view", "user", "status"),
    [
        (record, STEWARD, 200),
        (record, Person(), 403),
        (record, AnonymousUser(), 302),
        (landing, AnonymousUser(), 200),
        (own, Person(), 200),
        (own, AnonymousUser(), 302),
        (unmarked, ADMIN, 403),
    ],
)
def test_a_page_opens_for_whom_it_declares(view: Any, user: Any, status: int) -> None:
    assert gate(view, user) == status


def test_a_fragment_without_signing_in_is_refused_and_not_redirected() -> None:
    assert gate(own, AnonymousUser(), **{"HX-Request": "true"}) == 401


def test_a_mark_is_found_on_functions_and_classes() -> None:
    assert requirement_of(record) == Deed.RECORD
    assert requirement_of(unmarked) is None
