"""The forms of the designer: a step, a path of a fork, a test drive, a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from jifen.approvals import wording
from jifen.approvals.definition import Step, Who
from jifen.approvals.persons import PersonField
from jifen.approvals.registry import SubjectKind
from jifen.approvals.web import choices
from jifen.approvals.web.condition import ConditionForm
from jifen.kernel import cel
from jifen.web.forms import Form

_NOBODY = ("", "（不选）")
_ASKED = {"percent": "请填百分之几同意才算通过。", "count": "请填要几票同意才算通过。"}
MOST_PERCENT = 100


class StepForm(ConditionForm):
    """One step; ``rows`` people are asked for, each by one select."""

    name = forms.CharField(label="步骤名称", max_length=60)
    how = forms.ChoiceField(label="怎样算通过", choices=list(wording.HOW.items()), widget=forms.RadioSelect)
    share = forms.ChoiceField(label="票签比例", choices=choices.SHARES, required=False, help_text="选了“票签”才看这里")
    share_number = forms.IntegerField(label="百分之几，或几票", min_value=1, max_value=1000, required=False)
    days = forms.IntegerField(label="几天内", min_value=0, max_value=366, required=False)
    hours = forms.IntegerField(label="另加几小时", min_value=0, max_value=23, required=False)
    then = forms.ChoiceField(label="超时怎么办", choices=list(wording.LIMIT.items()), required=False)
    to = forms.ChoiceField(label="上报给谁", required=False, help_text="只有“超时上报”才选")
    empty = forms.ChoiceField(label="没有人可以办时", choices=list(wording.EMPTY.items()))
    same_person = forms.BooleanField(label="前面步骤同意过的人，这一步不再问", required=False)
    straight = forms.BooleanField(label="由这一步退回的，改好后直接回到这一步", required=False)
    copy_to = forms.MultipleChoiceField(label="抄送给", required=False, widget=forms.CheckboxSelectMultiple)
    find = forms.CharField(label="按姓名找人", max_length=40, required=False, help_text="找到的人会出现在上面的名单里")

    def __init__(
        self,
        *args: Any,
        step: Step | None,
        rows: int,
        persons: Mapping[str, PersonField] | None = None,
        words: str = "",
        **kwargs: Any,
    ) -> None:
        whos = list(_parts(step)) if step else []
        self.asked = [one for who in (step.who if step else ()) for one in _split(who)]
        self.rows = max(rows, len(self.asked) + (1 if not self.asked else 0))
        super().__init__(*args, when=step.when if step else "", initial=_initial(step, self.asked), **kwargs)
        groups = choices.people(words, whos, persons)
        self._ask_people([group for group in groups if group[0] != choices.TOLD_ONLY])
        tells = [option for title, options in groups if title != choices.LATER for option in options]
        self._choices(
            "copy_to", [option for option in tells if not option[0].startswith("user:")] + _named(tells, step)
        )
        self._choices("to", [_NOBODY, *(group for group in groups if group[0] != choices.TOLD_ONLY)])

    def _ask_people(self, groups: choices.Groups) -> None:
        for number in range(self.rows):
            first = number == 0
            who = forms.ChoiceField(label="谁来办" if first else "还有谁", choices=[_NOBODY, *groups], required=first)
            self.fields[f"who_{number}"] = who
            self.fields[f"level_{number}"] = forms.ChoiceField(label="范围", choices=choices.LEVELS, required=False)
            self.fields[f"weight_{number}"] = forms.IntegerField(
                label="每人几票", min_value=1, max_value=100, required=False, initial=1
            )
            self.fields[f"least_{number}"] = forms.IntegerField(
                label="每处至少几人", min_value=1, max_value=50, required=False, help_text="不够的，设计时会提醒"
            )
            self.fields[f"required_{number}"] = forms.BooleanField(label="必须有其中的人同意", required=False)
            self.fields[f"substitute_{number}"] = forms.ChoiceField(
                label="回避时谁替补", choices=[_NOBODY, *groups], required=False
            )

    def _choices(self, name: str, options: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = options

    @property
    def people(self) -> list[dict[str, forms.BoundField]]:
        parts = ("who", "level", "weight", "least", "required", "substitute")
        return [{part: self[f"{part}_{number}"] for part in parts} for number in range(self.rows)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        number, share = data.get("share_number"), data.get("share")
        if data.get("how") == "quorum" and "share_number" not in self.errors:
            if share in _ASKED and not number:
                self.add_error("share_number", _ASKED[share])
            elif share == "percent" and (number or 0) > MOST_PERCENT:
                self.add_error("share_number", f"百分之几要填1到{MOST_PERCENT}的数。")
        return data

    def raw(self) -> dict[str, Any]:
        """As ``editing`` takes a step.

        Raises:
            ValueWrong, ExpressionInvalid
        """
        data = self.cleaned_data
        who = [self._who(number) for number in range(self.rows) if data[f"who_{number}"]]
        step: dict[str, Any] = {"name": data["name"].strip(), "who": who, "how": data["how"], "empty": data["empty"]}
        if data["how"] == "quorum":
            step["quorum"] = choices.share_of(data["share"], data["share_number"])
        if data["days"] or data["hours"]:
            step["limit"] = self._limit()
        step |= {"same_person": "skip"} if data["same_person"] else {}
        step |= {"rerun": "straight"} if data["straight"] else {}
        return step | {"when": self.condition(), "copy_to": [choices.raw_of(code) for code in data["copy_to"]]}

    def _who(self, number: int) -> dict[str, Any]:
        data = self.cleaned_data
        who = choices.raw_of(data[f"who_{number}"])
        who |= {"level": data[f"level_{number}"] or "village", "weight": data[f"weight_{number}"] or 1}
        who |= {"required": data[f"required_{number}"], "least": data[f"least_{number}"]}
        spare = data[f"substitute_{number}"]
        return who | ({"substitute": choices.raw_of(spare)} if spare else {})

    def _limit(self) -> dict[str, Any]:
        data = self.cleaned_data
        limit = {"days": data["days"] or 0, "hours": data["hours"] or 0, "then": data["then"] or "remind"}
        escalates = limit["then"] == "escalate" and data["to"]
        return limit | ({"to": choices.raw_of(data["to"])} if escalates else {})


class PathForm(ConditionForm):
    name = forms.CharField(label="这一路的名称", max_length=60, required=False)


class ForkForm(Form):
    name = forms.CharField(label="分支名称", max_length=60, required=False)
    kind = forms.ChoiceField(label="怎么分", choices=list(wording.FORKS.items()), widget=forms.RadioSelect)


class FileForm(Form):
    file = forms.FileField(label="流程文件（YAML）", widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}))


class DriveForm(Form):
    """The deed that is tried: where, of whom, and the facts that conditions look at."""

    village = forms.TypedChoiceField(label="村居", coerce=int)
    person = forms.CharField(
        label="当事人", max_length=40, required=False, help_text="姓名或拼音，不填表示不涉及某个人"
    )

    starter = forms.CharField(
        label="由谁发起",
        max_length=60,
        required=False,
        help_text="登记、申报或提出的人，填姓名或账号；不填表示还不知道",
    )

    def __init__(self, *args: Any, villages: list[tuple[int, str]], kind: SubjectKind, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["village"]
        field.choices = villages
        self.kinds = kind.facts
        values = kind.known_values()
        for name, sort in kind.facts.items():
            self.fields[f"fact_{name}"] = _fact(name, sort, values.get(name, ()))

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[f"fact_{name}"] for name in self.kinds]

    def values(self) -> dict[str, Any]:
        """The facts as a subject stores them; what was left open is not known."""
        given = {name: self.cleaned_data[f"fact_{name}"] for name in self.kinds}
        yes_no = {"yes": True, "no": False}
        return {
            name: yes_no.get(value) if self.kinds[name] == "yes_no" else None if value in ("", None) else value
            for name, value in given.items()
        }


def _fact(name: str, kind: cel.Kind, values: Sequence[str]) -> forms.Field:
    label = wording.FACTS.get(name, name)
    if values:
        told = [(value, wording.VALUES.get(value, value)) for value in values]
        return forms.ChoiceField(label=label, choices=[("", "不清楚"), *told], required=False)
    if kind == "number":
        return forms.DecimalField(label=label, max_digits=12, decimal_places=2, required=False)
    if kind == "date":
        return forms.DateField(label=label, required=False)
    if kind == "yes_no":
        return forms.ChoiceField(label=label, choices=[("", "不清楚"), ("yes", "是"), ("no", "否")], required=False)
    return forms.CharField(label=label, max_length=60, required=False)


def _initial(step: Step | None, asked: list[Who]) -> dict[str, Any]:
    if step is None:
        return {"how": "any", "empty": "office", "then": "remind", "share": "two_thirds"}
    kind, number = choices.share_kind(step.quorum)
    limit = step.limit
    return {
        "name": step.name,
        "how": step.how,
        "share": kind,
        "share_number": number,
        "days": limit.days if limit else None,
        "hours": (limit.hours or None) if limit else None,
        "then": limit.then if limit else "remind",
        "to": choices.code_of(limit.to) if limit and limit.to else "",
        "empty": step.empty,
        "same_person": step.same_person == "skip",
        "straight": step.rerun == "straight",
        "copy_to": [choices.code_of(one) for who in step.copy_to for one in _split(who)],
        **{key: value for number, who in enumerate(asked) for key, value in _who_values(number, who).items()},
    }


def _who_values(number: int, who: Who) -> dict[str, Any]:
    return {
        f"who_{number}": choices.code_of(who),
        f"level_{number}": who.level,
        f"weight_{number}": who.weight,
        f"least_{number}": who.least,
        f"required_{number}": who.required,
        f"substitute_{number}": choices.code_of(who.substitute) if who.substitute else "",
    }


def _split(who: Who) -> list[Who]:
    """Several named people as one row each."""
    if not who.users:
        return [who]
    return [who.model_copy(update={"users": None, "user": user}) for user in who.users]


def _parts(step: Step) -> Iterator[Who]:
    """Everybody a step names, so that the selects offer them."""
    limit = [step.limit.to] if step.limit and step.limit.to else []
    for who in (*step.who, *step.copy_to, *limit):
        yield who
        if who.substitute:
            yield who.substitute


def _named(options: list[tuple[str, str]], step: Step | None) -> list[tuple[str, str]]:
    kept = {f"user:{user}" for who in (step.copy_to if step else ()) for user in who.named()}
    return [option for option in options if option[0] in kept]
