"""The REST face of a year's close."""

from typing import Any

from rest_framework import serializers


class BlockOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    url = serializers.CharField(help_text="办理的页面；为空时只能等")


class ShareOut(serializers.Serializer[Any]):
    village_id = serializers.IntegerField()
    village = serializers.CharField()
    households = serializers.IntegerField()
    entries = serializers.IntegerField()
    merit = serializers.DecimalField(12, 2)
    expiring = serializers.DecimalField(12, 2)
    losers = serializers.IntegerField()
    kept = serializers.DecimalField(12, 2)
    ended = serializers.DecimalField(12, 2, help_text="以前封账已清零的积分")
    ended_households = serializers.IntegerField(help_text="以前封账清零过的户")
    returning = serializers.DecimalField(12, 2, help_text="再次封账要退回的清零积分")
    returned_households = serializers.IntegerField()
    debtors = serializers.IntegerField(help_text="欠分要结转到下一年的户；已封账的，是已结转的户")
    debt_merit = serializers.DecimalField(12, 2, help_text="结转到下一年的评比欠分")
    debt_redeemable = serializers.DecimalField(12, 2, help_text="结转到下一年的可兑换欠分")


class DebtorOut(serializers.Serializer[Any]):
    village = serializers.CharField()
    number = serializers.CharField(help_text="户号")
    head = serializers.CharField(help_text="户主")
    merit = serializers.DecimalField(12, 2, help_text="结转到下一年的评比欠分")
    redeemable = serializers.DecimalField(12, 2, help_text="结转到下一年的可兑换欠分")
    merit_before = serializers.DecimalField(12, 2, help_text="重开的年度：以前封账已结转的评比欠分")
    redeemable_before = serializers.DecimalField(12, 2, help_text="重开的年度：以前封账已结转的可兑换欠分")


class RequestOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField()
    actor_name = serializers.CharField(help_text="提出的人")
    proposed_at = serializers.DateTimeField()
    confirmer_name = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True)


class PreviewOut(serializers.Serializer[Any]):
    year = serializers.IntegerField(source="year.number")
    state = serializers.CharField(source="year.state")
    day = serializers.DateField(help_text="封账日")
    earliest = serializers.DateField()
    entries = serializers.IntegerField(source="closing.entries")
    households = serializers.IntegerField(source="closing.households")
    expiring = serializers.DecimalField(
        12, 2, source="closing.expiring", help_text="这次封账要清零的积分；已封账的，是封账清零的积分"
    )
    losers = serializers.IntegerField(source="closing.losers", help_text="涉及的户")
    ended = serializers.DecimalField(12, 2, source="closing.ended", help_text="以前封账已清零的积分")
    ended_households = serializers.IntegerField(source="closing.ended_households", help_text="以前封账清零过的户")
    returning = serializers.DecimalField(
        12, 2, source="closing.returning", help_text="再次封账要退回的清零积分：封账以后更正过的"
    )
    returned_households = serializers.IntegerField(source="closing.returned_households")
    carried = serializers.DecimalField(
        12, 2, source="closing.carried", help_text="结转到下一年的可兑换积分；欠分另见 debt_merit、debt_redeemable"
    )
    debtor_households = serializers.IntegerField(
        source="closing.debtors", help_text="欠分要结转到下一年的户数；已封账的，是已结转的户数"
    )
    debt_merit = serializers.DecimalField(12, 2, source="closing.debt_merit", help_text="结转到下一年的评比欠分")
    debt_redeemable = serializers.DecimalField(
        12, 2, source="closing.debt_redeemable", help_text="结转到下一年的可兑换欠分"
    )
    kept = serializers.DecimalField(12, 2, source="closing.kept", help_text="有效期过了年、留到下一年的积分")
    late = serializers.IntegerField(source="closing.late", help_text="还没有审完、将记入下一年的行为")
    villages = ShareOut(source="closing.villages", many=True)
    debtors = DebtorOut(many=True, help_text="欠分要结转到下一年的各户；已封账的，是已结转的各户")
    blocks = BlockOut(many=True)
    request = RequestOut(allow_null=True)


class YearDayIn(serializers.Serializer[Any]):
    day = serializers.DateField()


class YearReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)
