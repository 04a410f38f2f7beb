"""What goes in and what comes out, apart. Points are decimal texts, money is whole fen."""

from typing import Any

from rest_framework import serializers

from redemption.models import (
    ExceptionKind,
    Fund,
    FundKind,
    Membership,
    Offering,
    OfferingKind,
    Redemption,
    RedemptionException,
    RedemptionPlan,
    RedemptionWindow,
    Settlement,
)

ITEM = "审批事项的编号；没有走审批流程的为空"


class MembershipOut(serializers.ModelSerializer[Membership]):
    village = serializers.CharField(source="village.name", default=None)
    run_by = serializers.CharField(source="run_by.number", default=None, help_text="经营者所在户的户号")
    item = serializers.IntegerField(default=None, help_text=ITEM)

    class Meta:
        model = Membership
        fields = [
            "id", "shop_name", "shop_address", "shop_phone", "village", "agreement", "fen_per_point", "run_by", "state",
            "reason", "applied_at", "decided_at", "item",
        ]  # fmt: skip


class OfferingOut(serializers.ModelSerializer[Offering]):
    shop = serializers.CharField(source="membership.shop_name")

    class Meta:
        model = Offering
        fields = ["id", "shop", "name", "kind", "unit", "price", "stock", "is_active"]


class WindowOut(serializers.ModelSerializer[RedemptionWindow]):
    class Meta:
        model = RedemptionWindow
        fields = ["opens_on", "closes_on"]


class PlanOut(serializers.ModelSerializer[RedemptionPlan]):
    village = serializers.CharField(source="village.name", default=None)
    windows = WindowOut(many=True)

    class Meta:
        model = RedemptionPlan
        fields = ["id", "village", "title", "resolution", "effective_from", "threshold", "windows"]


class FundOut(serializers.ModelSerializer[Fund]):
    village = serializers.CharField(source="village.name", default=None)
    spent_fen = serializers.IntegerField(source="spent")

    class Meta:
        model = Fund
        fields = ["id", "village", "kind", "name", "budget_fen", "spent_fen"]


class RedemptionOut(serializers.ModelSerializer[Redemption]):
    """For the shop and for staff: the household by its number alone."""

    household = serializers.CharField(source="household.number")
    offering = serializers.CharField(source="offering.name")
    unit = serializers.CharField(source="offering.unit")
    shop = serializers.CharField(source="membership.shop_name")
    voucher = serializers.SerializerMethodField()

    class Meta:
        model = Redemption
        fields = [
            "id", "number", "household", "shop", "offering", "unit", "quantity", "points", "fen", "collected_by",
            "is_proxy", "state", "held_at", "hold_expires_at", "ended_at", "reversed_at", "reason", "voucher",
            "exception",
        ]  # fmt: skip

    def get_voucher(self, row: Redemption) -> bool:
        """Whether the voucher has been archived."""
        return hasattr(row, "voucher")


class RedemptionExceptionOut(serializers.ModelSerializer[RedemptionException]):
    """For the shop and for staff: the household by its number alone."""

    household = serializers.CharField(source="household.number")
    offering = serializers.CharField(source="offering.name")
    shop = serializers.CharField(source="membership.shop_name")
    item = serializers.IntegerField(default=None, help_text=ITEM)
    redemption = serializers.IntegerField(source="used", default=None, help_text="用于哪一笔兑换")

    class Meta:
        model = RedemptionException
        fields = [
            "id", "household", "shop", "offering", "quantity", "points", "kind", "reason", "use_by", "state",
            "asked_at", "decided_at", "note", "item", "redemption",
        ]  # fmt: skip


class SettlementOut(serializers.ModelSerializer[Settlement]):
    shop = serializers.CharField(source="membership.shop_name")
    fund = serializers.CharField(source="fund.name")
    item = serializers.IntegerField(default=None, help_text=ITEM)

    class Meta:
        model = Settlement
        fields = [
            "id", "shop", "fund", "from_date", "to_date", "redemptions", "points", "fen", "state", "made_at",
            "agreed_at", "approved_at", "paid_at", "payment_note", "item",
        ]  # fmt: skip


class CustomerOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    head = serializers.CharField(help_text="户主姓名（隐去部分）")
    available = serializers.DecimalField(max_digits=12, decimal_places=2)
    problem = serializers.CharField(help_text="今天不能兑换的原因，没有则为空")


class ListingOut(serializers.Serializer[Any]):
    town_code = serializers.CharField(source="town.code")
    town_name = serializers.CharField(source="town.name")
    shop_id = serializers.IntegerField()
    state = serializers.CharField()


class HoldIn(serializers.Serializer[Any]):
    household_code = serializers.CharField(
        max_length=120, default="", allow_blank=True, help_text="只有“没带积分码”的特例可以不填"
    )
    offering = serializers.IntegerField()
    exception = serializers.IntegerField(label="兑换特例", default=None, allow_null=True, help_text="已同意的")
    quantity = serializers.IntegerField(default=1)
    collected_by = serializers.CharField(max_length=40, default="", allow_blank=True)
    is_proxy = serializers.BooleanField(default=False)
    signature = serializers.FileField(default=None, allow_null=True, help_text="代领人签名图片（multipart）")
    signed_on_paper = serializers.BooleanField(default=False)


class CodeIn(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=120)


class ApplyIn(serializers.Serializer[Any]):
    town_code = serializers.CharField(max_length=9)
    shop_id = serializers.IntegerField(default=None, allow_null=True)


class AcceptIn(serializers.Serializer[Any]):
    agreement = serializers.CharField(
        max_length=60, default="", allow_blank=True, help_text="按审批流程办理的镇可以后补，用 agreement"
    )
    fen_per_point = serializers.IntegerField(min_value=1)
    village = serializers.IntegerField(default=None, allow_null=True)
    run_by = serializers.CharField(label="经营者的户号", max_length=20, default="", allow_blank=True)


class AgreementIn(serializers.Serializer[Any]):
    agreement = serializers.CharField(label="协议编号", max_length=60)


class ExceptionIn(serializers.Serializer[Any]):
    offering = serializers.IntegerField()
    quantity = serializers.IntegerField(default=1)
    kind = serializers.ChoiceField(choices=ExceptionKind.choices)
    reason = serializers.CharField(max_length=200)
    use_by = serializers.DateField(label="最迟哪天兑换")


class ShopExceptionIn(ExceptionIn):
    household_code = serializers.CharField(max_length=120)


class VillageExceptionIn(ExceptionIn):
    household = serializers.CharField(max_length=20, help_text="户号")


class ExceptionAmendIn(serializers.Serializer[Any]):
    quantity = serializers.IntegerField()
    reason = serializers.CharField(max_length=200)
    use_by = serializers.DateField(label="最迟哪天兑换")
    text = serializers.CharField(label="改了什么", max_length=200, default="", allow_blank=True)


class ExceptionAnswerIn(serializers.Serializer[Any]):
    approve = serializers.BooleanField(label="是否同意")
    note = serializers.CharField(max_length=200, default="", allow_blank=True)


class ExchangeReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class OfferingIn(serializers.Serializer[Any]):
    membership = serializers.IntegerField()
    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(choices=OfferingKind.choices)
    unit = serializers.CharField(max_length=10)
    price = serializers.DecimalField(max_digits=12, decimal_places=2)
    stock = serializers.IntegerField(default=None, allow_null=True)


class OfferingChangeIn(serializers.Serializer[Any]):
    price = serializers.DecimalField(max_digits=12, decimal_places=2)
    stock = serializers.IntegerField(default=None, allow_null=True)
    is_active = serializers.BooleanField(default=True)


class WindowIn(serializers.Serializer[Any]):
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()


class PlanIn(serializers.Serializer[Any]):
    village = serializers.IntegerField(default=None, allow_null=True)
    title = serializers.CharField(max_length=80)
    resolution = serializers.CharField(max_length=200)
    effective_from = serializers.DateField()
    threshold = serializers.DecimalField(max_digits=12, decimal_places=2, default=None, allow_null=True)
    windows = WindowIn(many=True)


class FundIn(serializers.Serializer[Any]):
    village = serializers.IntegerField(default=None, allow_null=True)
    kind = serializers.ChoiceField(choices=FundKind.choices)
    name = serializers.CharField(max_length=80)
    budget_fen = serializers.IntegerField(min_value=0)


class DrawIn(serializers.Serializer[Any]):
    from_date = serializers.DateField()
    to_date = serializers.DateField()


class PayIn(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=120)
