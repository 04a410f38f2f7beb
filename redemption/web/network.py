"""Shops, shelves, plans and money of a town's exchange, for the town office and for a village."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.approvals import selectors as flows
from jifen.approvals.models import ItemState
from jifen.approvals.web.embedded import way_of
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page, require
from redemption import policies, selectors
from redemption.models import Membership, MembershipState, Offering
from redemption.permissions import RedemptionPermission
from redemption.services import funds, memberships, offerings, plans
from redemption.web.forms import (
    AcceptForm,
    AgreementForm,
    FundForm,
    OfferingChangeForm,
    OfferingForm,
    PlanForm,
    ReasonForm,
)
from redemption.web.staff import done, frame, scope
from tenants.community import selectors as community

P = RedemptionPermission


@page(permission=P.READ)
def network(request: HttpRequest, area: str) -> HttpResponse:
    """All shops; those that wait for an answer first."""
    rows = list(selectors.memberships())
    content = {
        **frame(request, area, "network"),
        "waiting": [row for row in rows if row.state == MembershipState.APPLIED],
        "rows": [row for row in rows if row.state != MembershipState.APPLIED],
    }
    return render(request, "redemption/staff_network.html", content)


@page(permission=P.READ)
def membership(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """One shop: take it in, refuse it, or end the agreement. ``deed``: accept, agreement, refuse, end."""
    row = _membership(pk)
    deed = request.POST.get("deed", "")
    has_flow = flows.has_flow(memberships.SUBJECT_KIND)
    accept_form = AcceptForm(request.POST if deed == "accept" else None, has_flow=has_flow, initial=_terms(row))
    reason_form = ReasonForm(request.POST if deed in ("refuse", "end") else None)
    agreement_form = AgreementForm(request.POST if deed == "agreement" else None, initial={"agreement": row.agreement})
    if request.method == "POST":
        require(request.user, P.MANAGE_NETWORK)
        form = {"accept": accept_form, "agreement": agreement_form}.get(deed, reason_form)
        if form.is_valid() and _decided(request, row, deed, form):
            return redirect(f"redemption:{area}_membership", pk)
    content = {
        **frame(request, area, "network"),
        "row": row,
        "accept_form": accept_form,
        "agreement_form": agreement_form,
        "reason_form": reason_form,
        "offerings": list(row.offerings.all()),
        "has_flow": has_flow,
        "is_leaving": row.state == MembershipState.ACTIVE and is_under_way(row),
        "end_note": f"{'按审批流程决定；' if has_flow else ''}终止后立即不能兑换，未结的款照常结算",
        "way": way_of(memberships.SUBJECT_KIND, row.pk, area=area, user=request.user),
    }
    wrong = accept_form.errors or reason_form.errors or agreement_form.errors
    return render(request, "redemption/staff_membership.html", content, status=422 if wrong else 200)


def is_under_way(row: Membership) -> bool:
    """In the hands of the flow: the office can only wait."""
    item = flows.open_item(memberships.SUBJECT_KIND, row.pk)
    return item is not None and item.state != ItemState.RETURNED


def _decided(request: HttpRequest, row: Membership, deed: str, form: Any) -> bool:
    by, data = Actor.of(request.user), form.cleaned_data
    try:
        if deed == "accept":
            _put_forward(row, data, by)
        elif deed == "agreement":
            memberships.note_agreement(membership=row, by=by, **data)
        elif deed == "refuse":
            memberships.refuse(membership=row, reason=data["reason"], by=by)
        else:
            memberships.end(membership=row, reason=data["reason"], by=by)
    except JifenError as error:
        form.add_error_from(error)
        return False
    waits = deed in ("accept", "end") and is_under_way(row)
    messages.success(request, "已提交审批。" if waits else "已保存。" if deed == "agreement" else "已办理。")
    return True


def _put_forward(row: Membership, data: dict[str, Any], by: Actor) -> None:
    run_by = community.household_by_number(data["run_by"]) if data["run_by"] else None
    terms = {"agreement": data["agreement"], "village": data["village"], "run_by": run_by}
    memberships.put_forward(membership=row, fen_per_point=int(data["yuan_per_point"] * 100), by=by, **terms)


def _terms(row: Membership) -> dict[str, Any]:
    """What was put forward before, or the usual rate."""
    run_by = row.run_by.number if row.run_by else ""
    yuan = Decimal(row.fen_per_point) / 100
    return {"agreement": row.agreement, "yuan_per_point": yuan, "village": row.village, "run_by": run_by}


@page(permission=P.READ)
def shelf(request: HttpRequest, area: str) -> HttpResponse:
    """What can be had for how many points; adding to it."""
    form = OfferingForm(request.POST or None, shops=selectors.shops_for(scope(request, P.MANAGE_PLAN)))
    if request.method == "POST" and form.is_valid():
        require(request.user, P.MANAGE_PLAN)
        try:
            offerings.add(by=Actor.of(request.user), **form.cleaned_data)
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "已上架。")
            return redirect(f"redemption:{area}_shelf")
    rows = selectors.shelf().order_by("membership__shop_name", "price")
    managed = scope(request, P.MANAGE_PLAN)
    content = {
        **frame(request, area, "shelf"),
        "form": form,
        "rows": [(row, managed is None or row.membership.village_id in managed) for row in rows],
    }
    return render(request, "redemption/staff_shelf.html", content, status=422 if form.errors else 200)


@page(permission=P.MANAGE_PLAN)
def offering(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """Price, stock and shelf state of one offering."""
    row = _offering(request, pk)
    initial = {"price": row.price, "stock": row.stock, "is_active": row.is_active}
    form = OfferingChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            offerings.change(offering=row, by=Actor.of(request.user), **form.cleaned_data)
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "已保存。")
            return redirect(f"redemption:{area}_shelf")
    content = {**frame(request, area, "shelf"), "row": row, "form": form}
    return render(request, "redemption/staff_offering.html", content, status=422 if form.errors else 200)


@page(permission=P.READ)
def plan_list(request: HttpRequest, area: str) -> HttpResponse:
    """Plans with their windows, and where the money comes from."""
    content = {
        **frame(request, area, "plans"),
        "plans": list(selectors.plans(scope(request))),
        "funds": list(selectors.funds(scope(request))),
        "town_pays": selectors.town_pays(),
        "policy": policies.on(clock.today()),
        "today": clock.today(),
    }
    return render(request, "redemption/staff_plans.html", content)


@page(permission=P.MANAGE_PLAN)
def plan_new(request: HttpRequest, area: str) -> HttpResponse:
    """A new plan; the form proposes the days that the town's scheme states."""
    proposed = "\n".join(f"{opens} 至 {closes}" for opens, closes in plans.standard_windows(clock.today().year))
    initial = {"windows": proposed, "effective_from": clock.today()}
    form = PlanForm(request.POST or None, initial=initial, villages=scope(request, P.MANAGE_PLAN))
    if request.method == "POST" and form.is_valid():
        try:
            plans.make(by=Actor.of(request.user), **form.cleaned_data)
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "兑换方案已保存。")
            return redirect(f"redemption:{area}_plans")
    content = {**frame(request, area, "plans"), "form": form, "policy": policies.on(clock.today())}
    return render(request, "redemption/staff_plan_new.html", content, status=422 if form.errors else 200)


@page(permission=P.MANAGE_PLAN)
def fund_new(request: HttpRequest, area: str) -> HttpResponse:
    form = FundForm(request.POST or None, villages=scope(request, P.MANAGE_PLAN))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["budget_fen"] = int(data.pop("budget") * 100)
        if done(request, lambda: funds.register(by=Actor.of(request.user), **data), "经费已登记。"):
            return redirect(f"redemption:{area}_plans")
    content = {**frame(request, area, "plans"), "form": form}
    return render(request, "redemption/staff_fund_new.html", content, status=422 if form.errors else 200)


def _membership(pk: int) -> Membership:
    row = Membership.objects.select_related("village", "run_by").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _offering(request: HttpRequest, pk: int) -> Offering:
    row = selectors.shelf(scope(request, P.MANAGE_PLAN)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
