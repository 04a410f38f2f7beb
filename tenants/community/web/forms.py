"""What staff fill in about villages, households and people."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet

from jifen.accounts.models import SiteRole
from jifen.kernel import clock
from jifen.web.forms import DateInput, Form
from tenants.community.errors import ContactWrong
from tenants.community.models import Group, HouseholdMember, RelativeKind, TownProfile, Village
from tenants.community.roster.reading import MAX_BYTES
from tenants.community.services import contacts

OFFICE_ROLES = (SiteRole.TOWN_OFFICER, SiteRole.TOWN_ADMIN)


class VillageChoiceForm(Form):
    """Base of forms that ask for one of the villages that the person looks after."""

    village = forms.ModelChoiceField(label="村（居）", queryset=Village.objects.none(), empty_label="请选择")

    def __init__(self, *args: Any, villages: QuerySet[Village], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
        only = list(villages[:2])
        if len(only) == 1:
            self.fields["village"].initial = only[0]


class HouseholdForm(VillageChoiceForm):
    group = forms.IntegerField(label="组", min_value=1, max_value=999)
    number = forms.CharField(label="户号", max_length=20)
    head_name = forms.CharField(label="户主姓名", max_length=40)
    head_id_number = forms.CharField(label="户主身份证号", max_length=18, required=False)
    head_phone = forms.CharField(
        label="手机号", max_length=11, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    address = forms.CharField(label="居住地址", max_length=120, required=False)
    resident_since = forms.DateField(label="居住起始", widget=DateInput, required=False)
    stars = forms.IntegerField(label="星级", min_value=0, max_value=10, initial=0, required=False)
    has_local_hukou = forms.BooleanField(label="户籍在本村", required=False, initial=True)
    has_homestead = forms.BooleanField(label="有宅基地房屋", required=False, initial=True)
    is_lived_in = forms.BooleanField(label="有人常住", required=False, initial=True)
    is_party = forms.BooleanField(label="党员家庭", required=False)
    join_on = forms.DateField(
        label="加入积分制的日期", widget=DateInput, required=False, help_text="交了申请书的填；不填表示暂不加入"
    )
    agreement = forms.CharField(
        label="同意的会议", max_length=120, required=False, help_text="不够本村条件、经会议同意加入的才填"
    )
    reason = forms.CharField(label="立户原因", max_length=200, required=False, help_text="例如：新迁入、补登记")

    def clean_stars(self) -> int:
        return self.cleaned_data["stars"] or 0


class MemberForm(Form):
    name = forms.CharField(label="姓名", max_length=40)
    relation = forms.CharField(label="与户主关系", max_length=20, help_text="例如：配偶、子、女、母")
    id_number = forms.CharField(label="身份证号", max_length=18, required=False)
    phone = forms.CharField(label="手机号", max_length=11, required=False, widget=forms.TextInput({"inputmode": "tel"}))


class ChangeForm(Form):
    """Base of the changes of a household; ``members`` are today's, each by her resident's id."""

    reason = forms.CharField(label="原因", max_length=200, required=False, help_text="例如：出嫁、分家、登记时写错")

    def __init__(self, *args: Any, members: QuerySet[HouseholdMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.resident_id, name_and_relation(row)) for row in members]
        for name in ("resident", "head", "members"):
            if isinstance(field := self.fields.get(name), forms.ChoiceField):
                field.choices = choices if name == "members" else [("", "请选择"), *choices]
        self.order_fields([name for name in self.fields if name != "reason"])

    def terms(self) -> dict[str, Any]:
        """As ``services.effects`` takes them."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "reason"}


class MemberOutForm(ChangeForm):
    resident = forms.TypedChoiceField(label="谁迁出", coerce=int)


class HeadForm(ChangeForm):
    resident = forms.TypedChoiceField(label="新户主", coerce=int)
    relation = forms.CharField(label="原户主与新户主的关系", max_length=20, help_text="例如：父、配偶")


class SplitForm(ChangeForm):
    members = forms.TypedMultipleChoiceField(label="分出去的成员", coerce=int, widget=forms.CheckboxSelectMultiple)
    head = forms.TypedChoiceField(label="新户的户主", coerce=int)
    number = forms.CharField(label="新户的户号", max_length=20)
    group = forms.IntegerField(label="新户的组", min_value=1, max_value=999)
    address = forms.CharField(label="新户的地址", max_length=120, required=False)


class IdentityForm(ChangeForm):
    resident = forms.TypedChoiceField(label="更正谁的", coerce=int)
    name = forms.CharField(label="正确的姓名", max_length=40, required=False, help_text="没有写错的留空")
    id_number = forms.CharField(label="正确的身份证号", max_length=18, required=False)
    phone = forms.CharField(
        label="正确的手机号", max_length=11, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )


class MoveOverForm(ChangeForm):
    """Somebody of another household of the town; who she is is looked up by number and name."""

    number = forms.CharField(label="原来的户号", max_length=20)
    name = forms.CharField(label="姓名", max_length=40)
    relation = forms.CharField(label="与本户户主的关系", max_length=20, help_text="例如：儿媳、女婿")


class MovedBackForm(MoveOverForm):
    """Somebody who was this household's all along, from a day of the past."""

    from_date = forms.DateField(label="从哪天起算本户的人", widget=DateInput)


class JoinForm(Form):
    applicant = forms.ModelChoiceField(label="申请人", queryset=HouseholdMember.objects.none(), empty_label=None)
    on = forms.DateField(label="加入日期", widget=DateInput)
    agreement = forms.CharField(
        label="哪次会议同意",
        max_length=100,
        required=False,
        help_text="户籍、住房或常住条件不全时填写，例如：2025年1月8日村民代表会议",
    )

    def __init__(self, *args: Any, members: QuerySet[HouseholdMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["applicant"]
        field.queryset = members
        field.label_from_instance = name_and_relation
        self.fields["on"].initial = clock.today()


class RosterForm(Form):
    file = forms.FileField(
        label="名册文件",
        help_text="Excel(.xlsx)或 CSV，不超过 10 MB",
        widget=forms.FileInput({"accept": ".xlsx,.xls,.csv"}),
    )
    village = forms.ModelChoiceField(
        label="村（居）", queryset=Village.objects.none(), required=False, empty_label="按表中“村”这一列"
    )
    phone = forms.CharField(
        label="村（居）联系电话", max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"}),
        help_text="印在公示海报和回执上，供村民打电话；已经登记过的可以空着",
    )  # fmt: skip
    is_trial = forms.BooleanField(label="只检查，先不导入", required=False)

    def __init__(self, *args: Any, villages: QuerySet[Village], whole_town: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["village"]
        field.queryset, field.required = villages, not whole_town
        if not whole_town:
            field.empty_label, field.initial = None, villages.first()

    def clean_phone(self) -> str:
        if self.cleaned_data["phone"] and self.cleaned_data.get("village") is None:
            raise forms.ValidationError(
                "先选择是哪个村（居）的电话；全镇一起导入时，到“村居”里填写。", code="village_missing"
            )
        try:
            return contacts.cleaned(self.cleaned_data["phone"])
        except ContactWrong as wrong:
            raise forms.ValidationError(wrong.message, code=wrong.code) from wrong

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError("文件超过 10 MB，请分村上传。", code="roster_too_large")
        return file


class AppointForm(VillageChoiceForm):
    number = forms.CharField(label="户号", max_length=20, help_text="这个人所在的户")
    name = forms.CharField(label="姓名", max_length=40)
    role = forms.ChoiceField(label="职责")
    seat = forms.CharField(label="席位", max_length=40, required=False, help_text="审核委员填写，例如：村民监督委员会")
    group = forms.IntegerField(label="组", required=False, min_value=1, help_text="村民小组组长填写")
    username = forms.CharField(
        label="账号",
        max_length=60,
        required=False,
        help_text="还没有账号的人填写",
        widget=forms.TextInput({"autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="初始密码",
        required=False,
        help_text="至少 8 位；首次登录后要换",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class AccountForm(Form):
    username = forms.CharField(
        label="账号",
        max_length=60,
        help_text="登录时输入，可以改成本人好记的",
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )


class OfficerForm(AccountForm):
    display_name = forms.CharField(label="姓名", max_length=60)
    role = forms.ChoiceField(label="角色", choices=[(one.value, one.label) for one in OFFICE_ROLES])


class RelativeForm(Form):
    """``found``: the people among whom the relative is chosen."""

    other = forms.ModelChoiceField(
        label="亲属", queryset=HouseholdMember.objects.none(), empty_label=None, widget=forms.RadioSelect
    )
    member = forms.ModelChoiceField(label="是本户哪位成员的亲属", queryset=HouseholdMember.objects.none())
    kind = forms.ChoiceField(label="是这位成员的", choices=RelativeKind.choices)
    on = forms.DateField(label="申报日期", widget=DateInput)

    def __init__(
        self,
        *args: Any,
        members: QuerySet[HouseholdMember],
        found: QuerySet[HouseholdMember],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        own: Any = self.fields["member"]
        own.queryset, own.label_from_instance, own.empty_label = members, name_and_relation, "请选择"
        other: Any = self.fields["other"]
        other.queryset, other.label_from_instance = found, name_and_place
        self.fields["on"].initial = clock.today()


class TotalForm(VillageChoiceForm):
    as_of = forms.DateField(label="截至日期", widget=DateInput)
    total = forms.IntegerField(label="总户数", min_value=1, max_value=100_000)
    source = forms.CharField(label="来源", max_length=120, help_text="例如：2025年村统计台账")


class VillageForm(Form):
    name = forms.CharField(label="名称", max_length=60)
    code = forms.CharField(label="代码", max_length=12, help_text="12位统计用区划代码，没有时可自编")
    phone = forms.CharField(label="联系电话", max_length=20, required=False)


class CellForm(VillageChoiceForm):
    name = forms.CharField(label="名称", max_length=40, help_text="例如：第一联户组")


class DayForm(Form):
    on = forms.DateField(label="日期", widget=DateInput)


class PutInForm(DayForm):
    numbers = forms.CharField(
        label="户号", max_length=600, widget=forms.Textarea({"rows": 3}), help_text="可以一次写几户，中间空格或换行"
    )
    on = forms.DateField(label="编入日期", widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()

    def clean_numbers(self) -> list[str]:
        return list(dict.fromkeys(re.split(r"[\s,，、;；]+", self.cleaned_data["numbers"].strip())))


class ContactsForm(Form):
    """One number for each village the person looks after, and the office's for whom looks after all."""

    def __init__(self, *args: Any, villages: list[Village], town: TownProfile | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages, self.town = villages, town
        if town is not None:
            self._ask("town", town.office_name, town.phone, "印在镇公示上；村里没有电话时也用它")
        for village in villages:
            self._ask(f"village_{village.pk}", village.name, village.phone, "")

    def _ask(self, name: str, label: str, phone: str, hint: str) -> None:
        self.fields[name] = forms.CharField(
            label=label, max_length=20, required=False, initial=phone, help_text=hint,
            widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name, phone in list(values.items()):
            try:
                values[name] = contacts.cleaned(phone)
            except ContactWrong as wrong:
                self.add_error(name, wrong.message)
        return values

    def changed(self) -> list[tuple[Village | None, str]]:
        """What is written otherwise than it is on file; the office's under None."""
        on_file: list[tuple[Village | None, str, str]] = [
            (one, f"village_{one.pk}", one.phone) for one in self.villages
        ]
        if self.town is not None:
            on_file.insert(0, (None, "town", self.town.phone))
        return [(place, self.cleaned_data[name]) for place, name, old in on_file if self.cleaned_data[name] != old]


def name_and_place(member: HouseholdMember) -> str:
    home = member.household
    return f"{member.resident.name} · {home.village}{home.group} · 户号 {home.number}"


def name_and_relation(member: HouseholdMember) -> str:
    return f"{member.resident.name}（{member.relation}）"


def group_numbered(village: Village, number: int | None) -> Group | None:
    return Group.objects.filter(village=village, number=number).first() if number else None
