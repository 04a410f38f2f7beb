"""Input and output of villages, households, people and rosters. Personal numbers leave masked."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from jifen.accounts.models import RoleGrant, User
from jifen.kernel import clock, masking
from tenants.community import stars
from tenants.community.models import (
    Application,
    Cell,
    CellMember,
    ChangeKind,
    Consent,
    ConsentKind,
    Group,
    Household,
    HouseholdMember,
    HouseholdTotal,
    Relative,
    RelativeKind,
    Role,
    RosterChange,
    RosterImport,
    Village,
    VillageRole,
)
from tenants.community.roster.reading import MAX_BYTES

BY_CHANGE = [kind for kind in ChangeKind if kind not in (ChangeKind.JOIN, ChangeKind.LEAVE, ChangeKind.NEW)]


class VillageInput(serializers.Serializer[Any]):
    code = serializers.CharField(label="代码", max_length=12)
    name = serializers.CharField(label="名称", max_length=60)
    phone = serializers.CharField(label="联系电话", max_length=20, required=False)


class VillageOutput(serializers.ModelSerializer[Village]):
    class Meta:
        model = Village
        fields = ["id", "code", "name", "is_residents_committee", "phone"]


class VillagePhoneInput(serializers.Serializer[Any]):
    phone = serializers.CharField(label="联系电话", max_length=20, allow_blank=True, help_text="印在公示海报和回执上")


class TotalInput(serializers.Serializer[Any]):
    as_of = serializers.DateField(label="截至日期")
    total = serializers.IntegerField(label="总户数", min_value=1, max_value=100_000)
    source = serializers.CharField(label="来源", max_length=120, help_text="例如：2025年村统计台账")  # type: ignore[assignment]


class TotalOutput(serializers.ModelSerializer[HouseholdTotal]):
    class Meta:
        model = HouseholdTotal
        fields = ["village", "as_of", "total", "source"]


class ParticipationOutput(serializers.Serializer[Any]):
    village = serializers.IntegerField(source="village.pk")
    village_name = serializers.CharField(source="village.name")
    joined = serializers.IntegerField(help_text="已参加的户数")
    total = serializers.IntegerField(help_text="总户数，还没有登记时为0")


class GroupInput(serializers.Serializer[Any]):
    village = serializers.IntegerField(label="村")
    number = serializers.IntegerField(label="组号", min_value=1, max_value=999)
    name = serializers.CharField(label="名称", max_length=40, required=False)


class GroupOutput(serializers.ModelSerializer[Group]):
    class Meta:
        model = Group
        fields = ["id", "village", "number", "name"]


class HouseholdInput(serializers.Serializer[Any]):
    number = serializers.CharField(label="户号", max_length=20)
    village = serializers.IntegerField(label="村")
    group = serializers.IntegerField(label="组号", min_value=1, max_value=999)
    head_name = serializers.CharField(label="户主姓名", max_length=40)
    head_id_number = serializers.CharField(label="身份证号", max_length=18, required=False)
    head_phone = serializers.CharField(label="手机号", max_length=11, required=False)
    address = serializers.CharField(label="居住地址", max_length=120, required=False)
    stars = serializers.IntegerField(label="星级", min_value=0, max_value=10, required=False)
    is_party = serializers.BooleanField(label="党员家庭", required=False)
    has_local_hukou = serializers.BooleanField(label="户在", required=False)
    has_homestead = serializers.BooleanField(label="房在", required=False)
    is_lived_in = serializers.BooleanField(label="人在", required=False)
    resident_since = serializers.DateField(label="居住起始", required=False)
    join_on = serializers.DateField(label="加入积分制的日期", required=False, help_text="不给表示暂不加入")
    agreement = serializers.CharField(label="同意的会议", max_length=120, required=False, allow_blank=True)
    reason = serializers.CharField(label="立户原因", max_length=200, required=False, allow_blank=True)


class HouseholdOutput(serializers.ModelSerializer[Household]):
    """``stars`` are those that count today: ``rated_stars``, as the roster has them, less what deeds took."""

    stars = serializers.SerializerMethodField()
    rated_stars = serializers.IntegerField(source="stars", read_only=True)
    head_name = serializers.CharField(source="head.name", default="")
    joined_since = serializers.DateField(read_only=True, default=None, help_text="今天已参加时，从哪天起")

    class Meta:
        model = Household
        fields = [
            "id", "number", "village", "group", "head", "head_name", "address", "stars", "rated_stars", "is_party",
            "has_local_hukou", "has_homestead", "is_lived_in", "resident_since", "joined_since",
        ]  # fmt: skip

    def get_stars(self, household: Household) -> int:
        rated: Mapping[int, stars.Star] = self.context.get("stars") or stars.of([household], clock.today())
        return rated[household.pk].level


class CellInput(serializers.Serializer[Any]):
    village = serializers.IntegerField(label="村")
    name = serializers.CharField(label="名称", max_length=40)


class PutInInput(serializers.Serializer[Any]):
    numbers = serializers.ListField(
        label="户号", child=serializers.CharField(max_length=20), allow_empty=False, max_length=50
    )
    on = serializers.DateField(label="编入日期")


class TakeOutInput(serializers.Serializer[Any]):
    household = serializers.CharField(label="户号", max_length=20)
    on = serializers.DateField(label="调出日期", help_text="从这天起不在组")


class CellMemberOutput(serializers.ModelSerializer[CellMember]):
    household = serializers.CharField(source="household.number")

    class Meta:
        model = CellMember
        fields = ["household", "from_date", "to_date"]


class CellOutput(serializers.ModelSerializer[Cell]):
    members = CellMemberOutput(many=True, help_text="现在的和以前的")

    class Meta:
        model = Cell
        fields = ["id", "village", "name", "members"]


class MemberInput(serializers.Serializer[Any]):
    household = serializers.CharField(label="户号", max_length=20)
    name = serializers.CharField(label="姓名", max_length=40)
    relation = serializers.CharField(label="与户主关系", max_length=20)
    id_number = serializers.CharField(label="身份证号", max_length=18, required=False)
    phone = serializers.CharField(label="手机号", max_length=11, required=False)
    from_date = serializers.DateField(label="起", required=False)


class MemberOutput(serializers.ModelSerializer[HouseholdMember]):
    """A resident in her household."""

    household = serializers.CharField(source="household.number")
    name = serializers.CharField(source="resident.name")
    born_on = serializers.DateField(source="resident.born_on")
    id_number = serializers.SerializerMethodField(help_text="前3后4位")
    phone = serializers.SerializerMethodField(help_text="前3后4位")

    class Meta:
        model = HouseholdMember
        fields = [
            "id",
            "resident",
            "household",
            "name",
            "relation",
            "born_on",
            "id_number",
            "phone",
            "from_date",
            "to_date",
        ]

    def get_id_number(self, member: HouseholdMember) -> str:
        return masking.id_number(member.resident.id_number or "")

    def get_phone(self, member: HouseholdMember) -> str:
        return masking.phone(member.resident.phone or "")


class AccountInput(serializers.Serializer[Any]):
    username = serializers.CharField(label="账号", max_length=60)
    password = serializers.CharField(label="初始密码", max_length=128, help_text="首次登录后要换")


class PasswordInput(serializers.Serializer[Any]):
    password = serializers.CharField(label="新的初始密码", max_length=128, help_text="首次登录后要换")


class AccountOutput(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "username", "display_name", "must_change_password"]


class OfficerInput(AccountInput):
    display_name = serializers.CharField(label="姓名", max_length=60)
    role = serializers.ChoiceField(label="角色", choices=["town_officer", "town_admin"])


class OfficerOutput(serializers.ModelSerializer[RoleGrant]):
    username = serializers.CharField(source="user.username")
    display_name = serializers.CharField(source="user.display_name")

    class Meta:
        model = RoleGrant
        fields = ["id", "user", "username", "display_name", "role", "from_date", "to_date"]


class RelativeInput(serializers.Serializer[Any]):
    resident = serializers.IntegerField(label="村民")
    other = serializers.IntegerField(label="亲属", help_text="本镇任何一位村民")
    kind = serializers.ChoiceField(label="亲属是村民的", choices=RelativeKind.choices)
    on = serializers.DateField(label="申报日期")


class RelativeOutput(serializers.ModelSerializer[Relative]):
    class Meta:
        model = Relative
        fields = ["id", "resident", "other", "kind", "declared_on"]


class ApplicationInput(serializers.Serializer[Any]):
    household = serializers.CharField(label="户号", max_length=20)
    applicant = serializers.IntegerField(label="申请人")
    on = serializers.DateField(label="申请日期")


class JoinInput(serializers.Serializer[Any]):
    on = serializers.DateField(label="加入日期")
    agreement = serializers.CharField(label="哪次会议同意", max_length=100, required=False, allow_blank=True)


class RefuseInput(serializers.Serializer[Any]):
    reason = serializers.CharField(label="原因", max_length=120)


class LeaveInput(serializers.Serializer[Any]):
    on = serializers.DateField(label="退出日期")


class ApplicationOutput(serializers.ModelSerializer[Application]):
    household = serializers.CharField(source="household.number")

    class Meta:
        model = Application
        fields = ["id", "household", "applicant", "applied_on", "state", "ground", "joined_on", "left_on"]


class ConsentInput(serializers.Serializer[Any]):
    resident = serializers.IntegerField(label="村民")
    kind = serializers.ChoiceField(label="用途", choices=ConsentKind.choices)
    on = serializers.DateField(label="同意日期")
    guardian = serializers.IntegerField(label="监护人", required=False)


class WithdrawInput(serializers.Serializer[Any]):
    on = serializers.DateField(label="撤回日期")


class ConsentOutput(serializers.ModelSerializer[Consent]):
    class Meta:
        model = Consent
        fields = ["id", "resident", "kind", "given_on", "guardian", "withdrawn_on"]


class RoleInput(serializers.Serializer[Any]):
    user = serializers.IntegerField(label="账号")
    village = serializers.IntegerField(label="村")
    role = serializers.ChoiceField(label="职责", choices=Role.choices)
    seat = serializers.CharField(label="席位", max_length=40, required=False)
    group = serializers.IntegerField(label="组号", required=False)
    from_date = serializers.DateField(label="起", required=False)


class RoleOutput(serializers.ModelSerializer[VillageRole]):
    name = serializers.CharField(source="user.display_name")

    class Meta:
        model = VillageRole
        fields = ["id", "user", "name", "village", "group", "role", "seat", "from_date", "to_date"]


class RosterInput(serializers.Serializer[Any]):
    file = serializers.FileField(label="名册文件", help_text="xlsx 或 CSV，不超过 10 MB")
    village = serializers.IntegerField(label="村", required=False)

    def validate_file(self, file: Any) -> Any:
        """Refused before it is read into memory."""
        if file.size > MAX_BYTES:
            raise serializers.ValidationError("文件超过 10 MB，请分村上传。", code="roster_too_large")
        return file


class RosterOutput(serializers.ModelSerializer[RosterImport]):
    class Meta:
        model = RosterImport
        fields = [
            "id",
            "village",
            "name",
            "rows",
            "households",
            "residents",
            "problems",
            "bad_rows_file",
            "imported_at",
        ]


class ChangeInput(serializers.Serializer[Any]):
    """What is needed depends on ``kind``; joining and leaving have endpoints of their own."""

    household = serializers.CharField(label="户号", max_length=20)
    kind = serializers.ChoiceField(label="变更", choices=[(one.value, one.label) for one in BY_CHANGE])
    reason = serializers.CharField(label="原因", max_length=200, default="", allow_blank=True)
    resident = serializers.IntegerField(
        label="哪一位", required=False, help_text="迁出、新户主、更正、从本镇别的户迁入"
    )
    relation = serializers.CharField(
        label="与户主关系", max_length=20, default="", allow_blank=True, help_text="变更户主时：原户主与新户主的关系"
    )
    name = serializers.CharField(label="姓名", max_length=40, default="", allow_blank=True)
    id_number = serializers.CharField(label="身份证号", max_length=18, default="", allow_blank=True)
    phone = serializers.CharField(label="手机号", max_length=11, default="", allow_blank=True)
    from_date = serializers.DateField(
        label="迁入日期", required=False, help_text="新登记的人，不填为今天；更正归户时：从哪天起算本户的人"
    )
    number = serializers.CharField(label="新户的户号", max_length=20, default="", allow_blank=True)
    group = serializers.IntegerField(label="新户的组号", min_value=1, max_value=999, required=False)
    address = serializers.CharField(label="新户的地址", max_length=120, default="", allow_blank=True)
    members = serializers.ListField(label="分出去的成员", child=serializers.IntegerField(), default=list, max_length=50)
    head = serializers.IntegerField(label="新户的户主", required=False)


class ChangeAmendInput(serializers.Serializer[Any]):
    """What is to be otherwise, by the kind of the change; what is left out stays as it was asked for."""

    reason = serializers.CharField(label="原因", max_length=200, required=False, allow_blank=True)
    text = serializers.CharField(label="改了什么", max_length=200, required=False, allow_blank=True)
    resident = serializers.IntegerField(label="哪一位", required=False)
    relation = serializers.CharField(label="与户主关系", max_length=20, required=False)
    name = serializers.CharField(label="姓名", max_length=40, required=False, allow_blank=True)
    id_number = serializers.CharField(label="身份证号", max_length=18, required=False, allow_blank=True)
    phone = serializers.CharField(label="手机号", max_length=11, required=False, allow_blank=True)
    from_date = serializers.DateField(label="迁入日期", required=False)
    members = serializers.ListField(
        label="分出去的成员", child=serializers.IntegerField(), required=False, allow_empty=False, max_length=50
    )
    head = serializers.IntegerField(label="新户的户主", required=False)
    number = serializers.CharField(label="新户的户号", max_length=20, required=False)
    group = serializers.IntegerField(label="新户的组号", min_value=1, max_value=999, required=False)
    address = serializers.CharField(label="新户的地址", max_length=120, required=False, allow_blank=True)
    on = serializers.DateField(label="日期", required=False, help_text="加入、退出积分制的日期")
    agreement = serializers.CharField(label="同意的会议", max_length=120, required=False, allow_blank=True)
    head_name = serializers.CharField(label="户主姓名", max_length=40, required=False)
    head_id_number = serializers.CharField(label="户主身份证号", max_length=18, required=False, allow_blank=True)
    head_phone = serializers.CharField(label="户主手机号", max_length=11, required=False, allow_blank=True)
    stars = serializers.IntegerField(label="星级", min_value=0, max_value=10, required=False)
    is_party = serializers.BooleanField(label="党员家庭", required=False)
    has_local_hukou = serializers.BooleanField(label="户在", required=False)
    has_homestead = serializers.BooleanField(label="房在", required=False)
    is_lived_in = serializers.BooleanField(label="人在", required=False)
    resident_since = serializers.DateField(label="居住起始", required=False, allow_null=True)
    join_on = serializers.DateField(
        label="加入积分制的日期", required=False, allow_null=True, help_text="空值表示暂不加入"
    )


class ChangeOutput(serializers.ModelSerializer[RosterChange]):
    household = serializers.CharField(source="about", help_text="新立户还没同意时是要用的户号")
    item = serializers.IntegerField(default=None, help_text="审批事项的编号；没有走审批流程的为空")

    class Meta:
        model = RosterChange
        fields = ["id", "household", "resident", "kind", "reason", "state", "asked_at", "decided_at", "note", "item"]
