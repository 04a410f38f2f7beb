"""Every state that is reached from the pages is reached by program.

Two nets. What a room's pages call that acts (a function that is one transaction) its API calls, too. And each page that
takes a form stands in ``CALLS`` with the operations that do the same; a page without one fails.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.urls import get_resolver

from tenants.models import Town

ROOMS = ("jifen.approvals", "jifen.inbox", "tenants.community", "scoring", "redemption", "reporting", "jifen.flows")
ELSEWHERE = {
    "jifen.flows.open_town.take_first_password": "a first password is shown once, to the person",
    "redemption.services.shops.sign_up": "a shop signs up on the public site",
    "scoring.services.drafts.put_item": "the form of an item; programs send it whole, by `save`",
}
"""Acts of pages that need no call in a town, and why."""

AREAS = ("jifen.approvals.web", "scoring.web", "reporting.web", "jifen.flows.web", "tenants.community.web")
ITEM = (
    "approve reject return transfer add remove claim release comment copy read remind ask answer suspend wake jump "
    "terminate take_back withdraw resubmit"
)
CALLS = {
    "jifen.approvals.web.delegations.delegations": "approval_delegations_create",
    "jifen.approvals.web.delegations.revoke": "approval_delegations_revoke_create",
    "jifen.approvals.web.designer.begin": "approval_flow_draft_keep approval_flow_draft_drop",
    "jifen.approvals.web.designer.edit": "approval_flow_draft_keep",
    "jifen.approvals.web.designer.fork": "approval_flow_draft_keep",
    "jifen.approvals.web.designer.path": "approval_flow_draft_keep",
    "jifen.approvals.web.designer.save": "approval_flow_draft_save",
    "jifen.approvals.web.designer.step": "approval_flow_draft_keep",
    "jifen.approvals.web.paper.paper": "approval_items_paper_create",
    "jifen.approvals.web.versions.activate": "approval_flows_activate_create",
    "jifen.approvals.web.versions.bring": "approval_flow_draft_keep",
    "jifen.approvals.web.work.act": " ".join(f"approval_items_{name}_create" for name in ITEM.split()),
    "jifen.approvals.web.work.batch": "approval_items_decide_create",
    "jifen.flows.web.calendar.add_village": "calendar_update",
    "jifen.flows.web.calendar.change": "calendar_update",
    "jifen.flows.web.calendar.remove_village": "calendar_update",
    "jifen.flows.web.calendar.withdraw": "calendar_versions_withdrawal_create",
    "jifen.flows.web.posts.hand_over": "hand_overs_scan_create",
    "jifen.flows.web.posts.hand_overs": "hand_overs_create",
    "jifen.flows.web.years.confirm": "years_closing_confirm",
    "jifen.flows.web.years.propose": "years_closing_propose",
    "jifen.flows.web.years.reopen": "years_reopening",
    "jifen.flows.web.years.set_day": "years_closing_day",
    "jifen.flows.web.years.withdraw": "years_closing_withdraw",
    "reporting.web.desk.handling": "objection_handling_set",
    "reporting.web.desk.objection": "objections_answer_create objections_opinion_create",
    "reporting.web.drafts.send_again": "notice_drafts_create",
    "reporting.web.resident.appeal": "own_objections_appeal_create",
    "reporting.web.resident.new_objection": "own_objections_create",
    "reporting.web.speaking.enter": "objections_create",
    "reporting.web.staff.publish": "notices_create",
    "scoring.web.dividends.act": "dividends_paid_create dividends_void_create",
    "scoring.web.dividends.make": "dividends_create",
    "scoring.web.feeds.keys": "feed_keys_create",
    "scoring.web.feeds.revoke": "feed_keys_revoke_create",
    "scoring.web.hearings.inform": "hearings_inform_create",
    "scoring.web.batch.batch": "batches_create",
    "scoring.web.books.posting": "postings_reverse_create",
    "scoring.web.hearings.decide": "hearings_decide_create",
    "scoring.web.hearings.own_hearing": "own_hearings_state_create",
    "scoring.web.hearings.state": "hearings_state_create",
    "scoring.web.meetings.attend": "review_meetings_seats_create",
    "scoring.web.meetings.hold": "review_meetings_update",
    "scoring.web.meetings.scan": "review_meetings_paper_create",
    "scoring.web.months.answer": "filings_answer_create",
    "scoring.web.months.receive_all": "filings_receive_create",
    "scoring.web.on_paper.verdicts": "review_meetings_verdicts_create",
    "scoring.web.policy.review_policy": "review_policies_create",
    "scoring.web.record.record": "declarations_create",
    "scoring.web.resident.declare": "own_declarations_create",
    "scoring.web.resident.own_declaration": "declarations_withdraw_create",
    "scoring.web.rounds.act_on_activity": (
        "activities_people_create activities_strike_create activities_submit_create activities_cancel_create"
    ),
    "scoring.web.rounds.end_inspection": "inspections_submit_create inspections_cancel_create",
    "scoring.web.rounds.marks": "inspections_marks_create",
    "scoring.web.rounds.new_activity": "activities_create",
    "scoring.web.rounds.new_inspection": "inspections_create",
    "scoring.web.rounds.sign_in": "own_attendances_create",
    "scoring.web.sheets.act": (
        "review_meetings_plain_create reviews_rest_create reviews_sign_create reviews_close_create"
    ),
    "scoring.web.sheets.item": "review_items_decide_create",
    "scoring.web.sheets.open_sheet": "reviews_create",
    "scoring.web.stand_ins.stand_in": "own_stand_ins_sign_create",
    "scoring.web.told.declaration": "declarations_withdraw_create",
    "scoring.web.told.verify_one": "declarations_verify_create",
    "tenants.community.web.accounts.member_account": "residents_account_create",
    "tenants.community.web.accounts.member_password": "residents_password_create",
    "tenants.community.web.accounts.office_accounts": "office_accounts_create",
    "tenants.community.web.accounts.office_end": "office_accounts_end_create",
    "tenants.community.web.accounts.office_password": "office_accounts_password_create",
    "tenants.community.web.cells.cell": "cells_put_in_create",
    "tenants.community.web.cells.cell_list": "cells_create",
    "tenants.community.web.cells.take_out": "cells_take_out_create",
    "tenants.community.web.change_amends.change_amend": "roster_changes_amend_create",
    "tenants.community.web.changes.change": "roster_changes_withdraw_create",
    "tenants.community.web.changes.change_new": "roster_changes_create",
    "tenants.community.web.households.consent": "consents_create consents_withdraw_create",
    "tenants.community.web.households.household": "applications_create applications_join_create residents_create",
    "tenants.community.web.households.household_new": "households_create",
    "tenants.community.web.households.leave": "households_leave_create",
    "tenants.community.web.households.renew_card": "households_renew_card_create",
    "tenants.community.web.relatives.declare": "relatives_create",
    "tenants.community.web.roster.roster_page": "roster_imports_create",
    "tenants.community.web.villages.contact_list": "villages_phone_update villages_office_phone_update",
    "tenants.community.web.villages.participation": "villages_total_create",
    "tenants.community.web.villages.role_end": "village_roles_end_create",
    "tenants.community.web.villages.role_list": "village_roles_create",
    "tenants.community.web.villages.village_list": "villages_create",
}
"""A page that takes a form, and the operations (of the OpenAPI description) that do what it does."""
RULEBOOKS = "scoring.web.rul"
"""The rulebooks' pages put several calls into one form; the first net holds them."""


@pytest.fixture
def described(town: Town, api_client: Callable[..., Any]) -> set[str]:
    """The operations of a town's API that change something."""
    paths = api_client().get("/api/v1/schema/", {"format": "json"}).json()["paths"].values()
    return {one["operationId"] for path in paths for method, one in path.items() if method != "get"}


def _modules(package: str) -> Iterator[ModuleType]:
    found = importlib.import_module(package)
    yield found
    for one in pkgutil.walk_packages(found.__path__, f"{package}."):
        yield importlib.import_module(one.name)


def _named(module: ModuleType) -> Iterator[Any]:
    """What the module's code names: ``services.decide``, ``tell``."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            yield vars(module).get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = vars(module).get(node.value.id)
            yield getattr(owner, node.attr, None) if inspect.ismodule(owner) else None


def _acts(package: str) -> set[str]:
    """The functions of other modules that ``package`` calls and that are a transaction of their own."""
    found = set()
    for module in _modules(package):
        for one in _named(module):
            atomic = inspect.isfunction(one) and one.__code__.co_filename.endswith("contextlib.py")
            if atomic and one.__module__ != module.__name__:
                found.add(f"{one.__module__}.{one.__name__}")
    return found


def _views(resolver: Any) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern)
        else:
            yield inspect.unwrap(pattern.callback)


def _forms() -> set[str]:
    """The pages of these areas that take a form."""
    found = set()
    for view in _views(get_resolver("jifen.urls.town")):
        is_ours = inspect.isfunction(view) and view.__module__.startswith(AREAS)
        if is_ours and "POST" in inspect.getsource(view):
            found.add(f"{view.__module__}.{view.__name__}")
    return {name for name in found if not name.startswith(RULEBOOKS)}


def test_what_pages_do_programs_may_do() -> None:
    by_program = {act for room in ROOMS for act in _acts(f"{room}.api")}
    missing = {act for room in ROOMS for act in _acts(f"{room}.web")} - by_program
    assert missing == set(ELSEWHERE)


def test_the_net_sees_what_pages_call() -> None:
    seen = {act for room in ROOMS for act in _acts(f"{room}.web")}
    assert {"scoring.services.reviews.sign", "jifen.flows.posts.hand_over", "reporting.policies.set_handling"} <= seen
    assert len(seen) > 100


def test_every_page_that_takes_a_form_names_its_calls() -> None:
    assert sorted(_forms() - set(CALLS)) == []


def test_every_call_named_is_there(described: set[str]) -> None:
    assert sorted({call for calls in CALLS.values() for call in calls.split()} - described) == []


def test_every_operation_on_an_item_is_named(described: set[str]) -> None:
    acts = {name for name in described if name.startswith("approval_items_")}
    named = {call for calls in CALLS.values() for call in calls.split()}
    assert sorted(acts - named) == []
