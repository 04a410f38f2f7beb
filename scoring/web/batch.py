"""批量登记: an inspection round or an activity's list, ticked off on one page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from jifen.kernel.reading import whole
from scoring.models import Batch, Declarer, Rule
from scoring.permissions import ScoringPermission as May
from scoring.rules.spec import Range, Tiers
from scoring.selectors import rules_in_force, spec_of
from scoring.selectors.batch_cautions import batch_cautions
from scoring.services import batches
from scoring.web import choices, photos, scope
from scoring.web.figures import figure
from scoring.web.forms import BatchForm
from tenants.community import selectors as community
from tenants.community.models import Household, Village


@page(permission=May.RECORD)
def batch(request: HttpRequest) -> HttpResponse:
    """Pick the rule, tick the households, save."""
    frame = scope.frame(request, May.RECORD)
    village: Village = frame["village"]
    rules = _rules(village)
    form = _form(request, rules)
    rule = rules.get(request.POST.get("rule") or request.GET.get("rule", ""))
    households = list(community.joined(village, clock.today()).select_related("head", "group"))
    if request.method == "POST" and rule is not None and form.is_valid():
        made = _save(request, form, village, rule, households)
        if made is not None:
            return redirect(f"{request.path}?done={made.pk}")
    done = Batch.objects.filter(pk=whole(request.GET.get("done", "")) or 0, village=village).first()
    asked = _figure(rule)
    content = frame | {
        "form": form,
        "cautions": batch_cautions(done) if done else [],
        "rule": rule,
        "tile": choices.whole_tile(rule) if rule else None,
        "figure": asked,
        "rows": [(one, _told(request, asked, one), _more(request, asked, one)) for one in households],
        "ticked": set(request.POST.getlist("household")),
    }
    return render(request, "scoring/batch.html", content, status=422 if form.errors else 200)


def _rules(village: Village) -> dict[str, Rule]:
    """Rules a list can be made of: of households, with at most one choice for each row."""
    return {
        str(rule.pk): rule
        for rule in rules_in_force(village, clock.today())
        if rule.subject == "household"
        and not (spec := spec_of(rule)).inputs
        and Declarer.STEWARD in spec.declarers
        and spec.counts_on(clock.today())
    }


def _form(request: HttpRequest, rules: dict[str, Rule]) -> BatchForm:
    initial = {"happened_on": clock.today(), "rule": request.GET.get("rule", ""), "kind": "inspection"}
    form = BatchForm(request.POST or None, initial=initial)
    field: Any = form.fields["rule"]
    field.choices = [("", "请选择条目"), *((pk, f"{rule.category}：{rule.title}") for pk, rule in rules.items())]
    return form


def _figure(rule: Rule | None) -> dict[str, Any]:
    """What each row asks: nothing, a number, or a tier; with a tier the points chosen in it, or how many."""
    if rule is None:
        return {}
    spec = spec_of(rule)
    name, field = figure(spec)
    if isinstance(spec.amount, Tiers):
        more = "points" if spec.amount.is_open else "quantity" if spec.amount.counted else ""
        label = {"points": "评定分数", "quantity": "数量"}.get(more, "")
        return {"name": "tier", "tiers": spec.amount.tiers, "more": more, "more_label": label}
    least = spec.amount.least if isinstance(spec.amount, Range) else 1
    return {"name": name, "label": field.label, "least": least} if field else {}


def _told(request: HttpRequest, asked: dict[str, Any], household: Household) -> str:
    """What was filled in for the household, else what the field begins with."""
    return request.POST.get(f"{asked.get('name')}_{household.pk}", str(asked.get("least", "")))


def _more(request: HttpRequest, asked: dict[str, Any], household: Household) -> str:
    return request.POST.get(f"{asked.get('more')}_{household.pk}", "")


def _save(
    request: HttpRequest, form: BatchForm, village: Village, rule: Rule, households: list[Household]
) -> Batch | None:
    data, asked = form.cleaned_data, _figure(rule)
    names = [asked[name] for name in ("name", "more") if asked.get(name)]
    ticked = set(request.POST.getlist("household"))
    rows: list[batches.Row] = [
        (one, None, rule, {name: request.POST.get(f"{name}_{one.pk}", "") for name in names})
        for one in households
        if str(one.pk) in ticked
    ]
    try:
        made = batches.record_batch(
            village=village,
            kind=data["kind"],
            title=data["title"],
            happened_on=data["happened_on"],
            rows=rows,
            place=data["place"],
            by=Actor.of(request.user),
            evidence=photos.evidence_of(request),
        )
    except JifenError as error:
        form.add_error_from(error)
        return None
    messages.success(request, f"已登记{len(rows)}户，等待本月审核。")
    return made
