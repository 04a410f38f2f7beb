"""照签字原件录入: the steward takes the committee's verdicts off the signed decision sheet, line by line."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.files import selectors as stored
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from jifen.web.forms import Form, PointsInput
from scoring.models import ItemVerdict, Review, ReviewItem, ReviewState
from scoring.permissions import ScoringPermission as May
from scoring.selectors.meetings import Seat, meeting_of, seats
from scoring.selectors.reviews import stood_back
from scoring.services import on_paper, papers
from scoring.services.on_paper import Said
from scoring.web.sheets import review_of

VERDICTS = [("", "不录"), *ItemVerdict.choices[1:]]


class SaidForm(Form):
    """One line of the paper; nothing chosen leaves the deed as it is."""

    verdict = forms.ChoiceField(label="决定", choices=VERDICTS, required=False)
    points = forms.DecimalField(label="认定分值", required=False, decimal_places=2, widget=PointsInput)
    reason = forms.CharField(label="理由", required=False, max_length=200)
    role = forms.TypedChoiceField(label="谁定的", coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, sitting: list[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        field.choices = [("", "请选择"), *((seat.role_id, seat.sitter) for seat in sitting)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") and data.get("role") is None and "role" not in self.errors:
            self.add_error("role", "请选择是到会的哪一位定的。")
        return data


class RestForm(Form):
    """Whose word it is that everything else passes; empty leaves it undecided."""

    rest = forms.TypedChoiceField(label="其余都按申报分值通过", coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, sitting: list[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["rest"]
        field.choices = [("", "不录"), *((seat.role_id, f"{seat.sitter}定的") for seat in sitting)]


@page(permission=May.RECORD)
def verdicts(request: HttpRequest, pk: int) -> HttpResponse:
    """Every deed in the order and with the number of the paper; POST enters what is filled in."""
    review = review_of(request, pk, May.RECORD)
    sitting = [seat for seat in seats(review) if seat.is_present]
    data = request.POST if request.method == "POST" else None
    own = stood_back(review, Actor.of(request.user))
    lines = [_line(number, item, sitting, own, data) for number, item in enumerate(papers.listed(review), start=1)]
    rest = RestForm(data, sitting=sitting)
    problem = _entered(request, review, lines, rest) if data is not None else ""
    if data is not None and not problem:
        return redirect("scoring:meeting", pk)
    known = meeting_of(review)
    is_open = review.state in (ReviewState.OPEN, ReviewState.RETURNED)
    content = {
        "review": review,
        "lines": lines,
        "rest": rest,
        "problem": problem,
        "paper_link": stored.link(known.paper) if known and known.paper else "",
        "may_enter": is_open and bool(known and known.paper),
    }
    return render(request, "scoring/sheet_paper.html", content, status=422 if problem else 200)


def _line(number: int, item: ReviewItem, sitting: list[Seat], own: set[int], data: Any) -> dict[str, Any]:
    """``form`` is missing where a member has decided on her own account, and where whoever enters stands back."""
    fit = [seat for seat in sitting if seat.decides(item.pk)]
    is_free = item.verdict == ItemVerdict.PENDING or bool(item.entered_by_name)
    is_own = item.pk in own
    form = SaidForm(data, prefix=f"i{item.pk}", sitting=fit) if is_free and fit and not is_own else None
    told = item.declaration
    return {"number": number, "item": item, "told": told, "form": form, "is_free": is_free, "is_own": is_own}


def _entered(request: HttpRequest, review: Review, lines: list[dict[str, Any]], rest: RestForm) -> str:
    """What is wrong; empty when it is entered."""
    filled = [line for line in lines if line["form"] is not None]
    wrong = [line for line in filled if not line["form"].is_valid()]
    if wrong or not rest.is_valid():
        return "；".join(f"第{line['number']}件：{_first(line['form'])}" for line in wrong[:5]) or _first(rest)
    said = [_said(line["item"], line["form"].cleaned_data) for line in filled if line["form"].cleaned_data["verdict"]]
    try:
        count = on_paper.enter(review=review, said=said, rest=rest.cleaned_data["rest"], by=Actor.of(request.user))
    except JifenError as error:
        return error.message
    messages.success(request, f"已照签字原件录入{count}件。")
    return ""


def _said(item: ReviewItem, data: dict[str, Any]) -> Said:
    points = data["points"] if data["verdict"] == ItemVerdict.ADJUSTED else None
    return Said(item.pk, data["role"] or 0, data["verdict"], points, data["reason"])


def _first(form: Form) -> str:
    return next((str(text) for texts in form.errors.values() for text in texts), "")
