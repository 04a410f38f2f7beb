"""纸质会签: the steward or the office enters what people signed on a sheet, with the scan of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jifen.approvals import abilities, services
from jifen.approvals.models import Assignment, Item
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.approvals.web import story
from jifen.approvals.web.work import frame
from jifen.files import services as files
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page
from jifen.web.forms import Form

VERDICTS = (("", "没有签"), ("approve", "同意"), ("reject", "不同意"))
KIND = "sheet"


class PaperForm(Form):
    """One line for each who is asked at the step."""

    signed_on = forms.DateField(label="签字日期")
    scan = forms.FileField(
        label="签字原件",
        help_text="照片或PDF",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )

    def __init__(self, *args: Any, people: list[Assignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for row in people:
            name = row.user.display_name
            self.fields[f"verdict_{row.user_id}"] = forms.ChoiceField(label=name, choices=VERDICTS, required=False)
            self.fields[f"reason_{row.user_id}"] = forms.CharField(
                label=f"{name}的理由", max_length=500, required=False, help_text="不同意的要写"
            )

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"verdict_{row.user_id}"], self[f"reason_{row.user_id}"]) for row in self.people]

    def words(self) -> list[services.PaperWord]:
        data = self.cleaned_data
        return [
            services.PaperWord(row.user_id, data[f"verdict_{row.user_id}"], data[f"reason_{row.user_id}"])
            for row in self.people
            if data[f"verdict_{row.user_id}"]
        ]


@page(permission=May.PAPER)
def paper(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    item = get_object_or_404(abilities.visible(request.user, May.PAPER), pk=pk)
    people = abilities.sheet(item, request.user)
    if "paper" not in abilities.of(item, request.user) or not people:
        raise NotFound("这件事现在没有可以录入的签字，请刷新后再看。")
    form = PaperForm(request.POST or None, request.FILES or None, people=people, initial={"signed_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            _enter(item, form, people[0].stage.key, Actor.of(request.user))
        except JifenError as refused:
            form.add_error_from(refused)
        else:
            messages.success(request, "已录入签字。")
            return redirect(f"{frame(area)['prefix']}work")
    content = frame(area) | {"item": item, "title": story.title(item), "step": people[0].stage.name, "form": form}
    return render(request, "approvals/paper.html", content, status=422 if form.errors else 200)


def _enter(item: Item, form: PaperForm, step: str, by: Actor) -> None:
    file = form.cleaned_data["scan"]
    told = {"kind": KIND, "name": file.name, "content_type": file.content_type}
    words = form.words()
    scan = files.receive(**told, body=file.read(), by=by)
    terms = {"signed_on": form.cleaned_data["signed_on"], "step": step, "by": by}
    services.decide_on_paper(item=item, words=words, scan=scan, **terms)
