"""Every operation on sheets, meetings, filings, hearings, objections, the calendar and the year's close × every role ×
a foreign town, as a table (the letters: ``tests.tables``).

The operations come from the router: one without a row fails. Each cell is what the API answers when that person does
it; the last column is the administrator of another town, in her own. A refused act leaves nothing in the audit trail.
"""

from typing import Any

import pytest

from jifen.audit.models import AuditRow
from jifen.kernel.tenancy import entered
from tenants.models import Town
from tests import clients, tables
from tests.cast import Cast
from tests.flows.matters import Matters
from tests.stage import SCENES, stage

ROLES = (
    "officer", "admin", "steward", "committee", "supervisor", "leader", "volunteer", "concerned", "neighbour", "far",
    "nobody", "foreign",
)  # fmt: skip
MODULES = (
    "scoring.api.months",
    "scoring.api.meetings",
    "scoring.api.filings",
    "scoring.api.policies",
    "jifen.flows.api.",
)
OTHERS = ("objections", "own-objections", "objection-handling/")
TABLE = """
calendar/late:get                             y y y y y y y f f y u y
calendar/versions/withdrawal:post             f w f f f f f f f f u w
calendar/versions:get                         y y y y y y y f f y u y
calendar:get                                  y y y y y y y f f y u y
calendar:put                                  f y f f f f f f f f u y
filings:answer                                y y f f f f f f f f u n
filings:list                                  y y f f f f f f f f u n
filings:receive                               y y f f f f f f f f u y
filings:retrieve                              y y f f f f f f f f u n
hand-overs/in-hand/<int:user>:get             f y f f f f f f f f u n
hand-overs:create                             f y f f f f f f f f u n
hand-overs:list                               f y f f f f f f f f u n
hand-overs:paper                              f y f f f f f f f f u n
hand-overs:retrieve                           f y f f f f f f f f u n
hand-overs:scan                               f y f f f f f f f f u n
hearings:decide                               f f f y f n n f f n u n
hearings:inform                               f f w w f f f f f w u f
hearings:list                                 y y y y y n n f f n u n
hearings:retrieve                             y y y y y n n f f n u n
hearings:state                                f f y f f f f f f n u f
months:paper                                  y y f f f f f f f f u y
months:retrieve                               y y f f f f f f f f u y
objection-handling:get                        f y f f f f f f f f u w
objection-handling:put                        f y f f f f f f f f u w
objections:answer                             f f f y f f f f f f u n
objections:create                             y y y f f f f f f w u w
objections:list                               y y y y y y y f f n u n
objections:opinion                            w w w w w w w f f n u n
objections:retrieve                           y y y y y y y f f n u n
own-hearings:list                             f f n n n n n y n n u f
own-hearings:state                            f f n n n n n y n n u f
own-objections:appeal                         f f n n n n n y n n u f
own-objections:create                         f f n n y n n y n n u f
own-objections:list                           f f n n n n n y n n u f
own-objections:retrieve                       f f n n n n n y n n u f
own-stand-ins:decision                        f f n n n n n n y n u f
own-stand-ins:list                            f f n n n n n n y n u f
own-stand-ins:retrieve                        f f n n n n n n y n u f
own-stand-ins:sign                            f f n n n n n n y n u f
review-items:decide                           f f f y f n n f f n u n
review-items:retrieve                         y y y y y n n f f n u n
review-meetings:decision                      y y y y y n n f f n u n
review-meetings:exceptions                    y y y y y n n f f n u n
review-meetings:paper                         f f y y f f f f f n u f
review-meetings:plain                         f f f y f n n f f n u n
review-meetings:results                       y y y y y n n f f n u n
review-meetings:retrieve                      y y y y y n n f f n u n
review-meetings:seats                         f f y y f f f f f n u f
review-meetings:update                        f f y y f f f f f n u f
review-meetings:verdicts                      f f y f f f f f f n u f
review-policies:create                        f y f f f f f f f f u y
review-policies:list                          y y f f f f f f f f u n
review-policies:retrieve                      y y f f f f f f f f u n
reviews:close                                 f f w y f n n f f n u n
reviews:create                                f f f y f f f f f f u f
reviews:items                                 y y y y y n n f f n u n
reviews:list                                  y y y y y n n f f n u n
reviews:rest                                  f f f y f n n f f n u n
reviews:retrieve                              y y y y y n n f f n u n
reviews:sign                                  f f f y f n n f f n u n
years/<int:number>/closing/confirmation:post  y y f f f f f f f f u w
years/<int:number>/closing/day:post           y y f f f f f f f f u w
years/<int:number>/closing/proposal:delete    y y f f f f f f f f u w
years/<int:number>/closing/proposal:post      y y f f f f f f f f u w
years/<int:number>/closing:get                y y f f f f f f f f u w
years/<int:number>/reopening:post             y y f f f f f f f f u w
"""
ROWS = tables.parsed(TABLE)


def belongs(prefix: str, view: Any) -> bool:
    return view.__module__.startswith(MODULES) or prefix in OTHERS


OPERATIONS = tables.operations(belongs)


class Callers:
    """A client for each role, signed in once."""

    def __init__(self, matters: Matters, town: Town) -> None:
        self.matters, self.town = matters, town
        self.clients = {role: clients.api_client(matters.people.get(role)) for role in ROLES if role != "foreign"}

    def answer(self, role: str, method: str, path: str, body: dict[str, Any]) -> Any:
        if role == "foreign":
            with entered(self.town.schema_name):
                foreigner = clients.api_client(self.matters.cast.admin())
                return getattr(foreigner, method)(path, body, format="json")
        return getattr(self.clients[role], method)(path, body, format="json")


def outcome(operation: str, answer: Any, subject: int | str) -> str:
    found = tables.letter(answer)
    if found != "y" or not operation.endswith(":list"):
        return found
    return tables.listed(answer, int(subject), "review" if operation.startswith("own-stand-ins") else "id")


def test_every_operation_has_its_row() -> None:
    assert set(ROWS) == set(OPERATIONS)
    assert {len(row) for row in ROWS.values()} == {len(ROLES)}


SCENES["matters"] = Matters


@pytest.fixture
def matters(cast: Cast) -> Matters:
    return stage.copy("matters") or Matters(cast)


@pytest.mark.parametrize("group", tables.groups(OPERATIONS))
def test_each_operation_is_for_whom_it_is(matters: Matters, other_town: Town, group: str) -> None:
    callers = Callers(matters, other_town)
    found: dict[str, str] = {}
    for operation, call in tables.of(group, OPERATIONS).items():
        with tables.undone():
            found[operation] = letters(matters, callers, operation, call)
    assert found == {operation: ROWS.get(operation) for operation in found}


def letters(matters: Matters, callers: Callers, operation: str, call: tuple[str, str]) -> str:
    """The row of ``operation``, as the answers are."""
    subject, (method, route), found = matters.subject(operation), call, ""
    path = tables.BASE + route.replace("PK", str(subject)).replace("<int:number>", str(subject)).replace(
        "<int:user>", str(subject)
    )
    for role in ROLES:
        with tables.undone():
            body, before = matters.body(operation, role), AuditRow.objects.count()
            found += outcome(operation, callers.answer(role, method, path, body), subject)
            assert found[-1] == "y" or AuditRow.objects.count() == before, f"{operation} {role}"
    return found
