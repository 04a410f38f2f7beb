"""Towns as the provider's programs see them."""

from rest_framework import serializers

from tenants.models import Town


class TownOutput(serializers.ModelSerializer[Town]):
    district = serializers.CharField(source="district.name")
    hosts = serializers.SerializerMethodField()
    step = serializers.CharField(source="provisioning.step", default="")
    percent = serializers.IntegerField(source="provisioning.percent", default=100)
    problem = serializers.CharField(source="provisioning.problem", default="")

    class Meta:
        model = Town
        fields = [
            "code", "name", "district", "scheme_code", "state", "shard", "hosts", "created_at", "step", "percent",
            "problem",
        ]  # fmt: skip

    def get_hosts(self, town: Town) -> list[str]:
        return [str(domain.domain) for domain in town.domains.all()]
