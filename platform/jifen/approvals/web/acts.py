"""Every operation a page offers: what its form asks for, and the service behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from jifen.approvals import services
from jifen.approvals.errors import PersonUnknown, QuestionUnknown
from jifen.approvals.models import Item, Word
from jifen.approvals.services.adding import Where
from jifen.approvals.web import choices
from jifen.kernel.actors import Actor
from jifen.web.forms import Form, PointsInput

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """``asks``: the fields of :class:`ActForm` that its button shows, ``needs`` those it cannot do without."""

    label: str
    done: str
    asks: tuple[str, ...]
    run: Callable[[Item, Data, Actor], object]
    tone: str = ""
    note: str = ""
    needs: tuple[str, ...] = ()


class ActForm(Form):
    """All that any operation asks for; each shows its own fields alone."""

    reason = forms.CharField(label="理由", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    text = forms.CharField(label="内容", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    points = forms.DecimalField(label="改为几分", max_digits=9, decimal_places=2, required=False, widget=PointsInput)
    person = forms.CharField(label="交给谁", max_length=80, required=False, help_text="填姓名或账号")
    where = forms.ChoiceField(
        label="排在哪里",
        choices=[("beside", "和我一起办"), ("before", "在我前面办"), ("after", "在我后面办")],
        required=False,
    )
    to = forms.CharField(label="到哪一步", max_length=80, required=False)
    rerun = forms.ChoiceField(
        label="改好以后",
        choices=[("", "按流程规定"), ("again", "重新走一遍"), ("straight", "直接回到我这里")],
        required=False,
    )
    until = forms.DateTimeField(
        label="到什么时候恢复", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    question = forms.IntegerField(required=False, widget=forms.HiddenInput)
    user = forms.IntegerField(required=False, widget=forms.HiddenInput)
    step = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)

    def offer(self, name: str, options: list[tuple[str, str]]) -> None:
        """Choose instead of write."""
        known = self.fields[name]
        self.fields[name] = forms.ChoiceField(label=known.label, choices=options, required=False)


def person(text: str) -> int:
    """The account that ``text`` names: a name that only one has, an account name, or both: 张三（账号 zhangsan）.

    Raises:
        PersonUnknown
    """
    words = text.strip()
    exact = choices.named(words)
    if len(exact) == 1:
        return exact[0].pk
    names = "、".join(label for _, label in choices.labelled((exact or choices.found(words))[:5]))
    hint = f"有几个相近的人：{names}，请从里面选一个。" if names else f"没有找到“{words}”，请核对姓名。"
    raise PersonUnknown(hint if words else "请填写是谁。", field="person")


def _decide(verdict: str) -> Callable[[Item, Data, Actor], object]:
    def run(item: Item, data: Data, by: Actor) -> object:
        terms = {"item": item, "verdict": verdict, "reason": data["reason"], "step": data["step"], "by": by}
        return services.decide(**terms, points=data["points"] if verdict == "approve" else None)

    return run


def _answer(item: Item, data: Data, by: Actor) -> object:
    question = Word.objects.filter(item=item, pk=data["question"] or 0).first()
    if question is None:
        raise QuestionUnknown
    return services.answer(question=question, text=data["text"], by=by)


def _suspend(item: Item, data: Data, by: Actor) -> object:
    return services.suspend(item=item, reason=data["reason"], until=data["until"], by=by)


def _return(item: Item, data: Data, by: Actor) -> object:
    to, rerun = data["to"] or "previous", data["rerun"] or None
    return services.send_back(item=item, to=to, reason=data["reason"], rerun=rerun, step=data["step"], by=by)


def _add(item: Item, data: Data, by: Actor) -> object:
    where: Where = data["where"] or "beside"
    terms = {"item": item, "reason": data["reason"], "step": data["step"], "by": by}
    return services.add(to=person(data["person"]), where=where, **terms)


def _transfer(item: Item, data: Data, by: Actor) -> object:
    return services.transfer(item=item, to=person(data["person"]), reason=data["reason"], step=data["step"], by=by)


ACTS: dict[str, Act] = {
    "approve": Act("同意", "已同意。", (), _decide("approve"), "primary"),
    "points": Act(
        "改分值后同意", "已按新分值同意。", ("points", "reason"), _decide("approve"), needs=("points", "reason")
    ),
    "reject": Act("不同意", "已写明不同意。", ("reason",), _decide("reject"), "danger", needs=("reason",)),
    "return": Act("退回", "已退回。", ("to", "reason", "rerun"), _return, needs=("to", "reason")),
    "transfer": Act("转交", "已转交。", ("person", "reason"), _transfer, note="由对方代替您表态", needs=("person",)),
    "add": Act("加签", "已加上。", ("person", "where", "reason"), _add, note="请别人一起看", needs=("person",)),
    "claim": Act("认领", "已认领，别人不用再办。", (), lambda i, d, b: services.claim(item=i, step=d["step"], by=b)),
    "release": Act("不认领了", "已放回。", (), lambda i, d, b: services.release(item=i, by=b)),
    "take_back": Act("拿回我的意见", "已拿回，请重新表态。", (), lambda i, d, b: services.take_back(item=i, by=b)),
    "resubmit": Act(
        "重新提交", "已重新提交。", ("text",),
        lambda i, d, b: services.resubmit(item=i, text=d["text"], by=b), "primary",
    ),
    "withdraw": Act(
        "撤回", "已撤回。", ("reason",), lambda i, d, b: services.withdraw(item=i, reason=d["reason"], by=b)
    ),
    "remind": Act("催办", "已催办。", (), lambda i, d, b: services.remind(item=i, by=b)),
    "comment": Act(
        "评论", "已评论。", ("text",), lambda i, d, b: services.comment(item=i, text=d["text"], by=b), needs=("text",)
    ),
    "ask": Act(
        "询问", "已发出询问。", ("person", "text"),
        lambda i, d, b: services.ask(item=i, to=person(d["person"]), text=d["text"], by=b),
        needs=("text",),
    ),
    "answer": Act("答复", "已答复。", ("text", "question"), _answer, "primary", needs=("text",)),
    "copy": Act(
        "抄送", "已抄送。", ("person",), lambda i, d, b: services.copy(item=i, to=[person(d["person"])], by=b)
    ),
    "read": Act("知道了", "已标为已阅。", (), lambda i, d, b: services.mark_read(item=i, by=b)),
    "remove": Act(
        "减签", "已减去。", ("user", "reason"),
        lambda i, d, b: services.remove(item=i, user=d["user"] or 0, reason=d["reason"], by=b),
    ),
    "suspend": Act("暂停", "已暂停。", ("reason", "until"), _suspend, needs=("reason",)),
    "wake": Act("恢复办理", "已恢复办理。", (), lambda i, d, b: services.wake(item=i, by=b), "primary"),
    "jump": Act(
        "跳到某一步", "已跳转。", ("to", "reason"),
        lambda i, d, b: services.jump(item=i, to=d["to"], reason=d["reason"], by=b),
        note="管理员纠正流程时用", needs=("to", "reason"),
    ),
    "terminate": Act(
        "终止", "已终止。", ("reason",), lambda i, d, b: services.terminate(item=i, reason=d["reason"], by=b), "danger",
        needs=("reason",),
    ),
}  # fmt: skip
