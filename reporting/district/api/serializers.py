"""Figures only; points are decimal texts, shares are 0 to 1."""

from typing import Any

from rest_framework import serializers


class CountsOut(serializers.Serializer[Any]):
    households = serializers.IntegerField()
    joined = serializers.IntegerField()
    share = serializers.DecimalField(max_digits=6, decimal_places=4)
    residents = serializers.IntegerField()
    entries = serializers.IntegerField()
    positive = serializers.DecimalField(max_digits=16, decimal_places=2)
    negative = serializers.DecimalField(max_digits=16, decimal_places=2)
    red = serializers.IntegerField()
    black = serializers.IntegerField()
    notices = serializers.IntegerField()
    objections = serializers.IntegerField()
    objections_overdue = serializers.IntegerField(help_text="镇里没有按期答复的")
    redemptions = serializers.IntegerField()
    redeemed = serializers.DecimalField(max_digits=16, decimal_places=2)


class VillageOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    counts = CountsOut()
    months_reviewed = serializers.SerializerMethodField()
    redeemed_before_october = serializers.BooleanField()

    def get_months_reviewed(self, line: Any) -> int:
        return len(line.months)


class MonthOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    positive = serializers.DecimalField(max_digits=16, decimal_places=2)
    negative = serializers.DecimalField(max_digits=16, decimal_places=2)


class TownOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    counts = CountsOut()
    redeemed_villages = serializers.IntegerField()


class TownWhole(TownOut):
    villages = VillageOut(many=True)


class OverviewOut(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    counts = CountsOut()
    redeemed_share = serializers.DecimalField(max_digits=6, decimal_places=4)
    towns = TownOut(many=True)
    months = MonthOut(many=True)
