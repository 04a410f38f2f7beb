"""What the district sees: figures per village, kept in the public schema by draining the outbox (I15). No names."""

from django.db import models


class LedgerFigure(models.Model):
    """Sums of one village's entries: the outbox's ``ledger`` messages added up."""

    town = models.CharField(max_length=63)
    village_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=10)
    cause = models.CharField(max_length=12)
    entries = models.BigIntegerField(default=0)
    positive = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    negative = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["town", "village_id", "year", "month", "measure", "cause"], name="district_ledger_figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.town}/{self.village_id} {self.year}-{self.month:02d} {self.measure} {self.cause}"


class VillageFigure(models.Model):
    """A village as it stands: households, participation, work in hand. The outbox's ``village`` messages replace it."""

    town = models.CharField(max_length=63)
    village_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    households = models.PositiveIntegerField("总户数", default=0)
    joined = models.PositiveIntegerField("参与户数", default=0)
    residents = models.PositiveIntegerField(default=0)
    star_households = models.PositiveIntegerField(default=0)
    star_joined = models.PositiveIntegerField(default=0)
    party_households = models.PositiveIntegerField(default=0)
    party_joined = models.PositiveIntegerField(default=0)
    message_id = models.BigIntegerField(default=0, help_text="最近一条消息：先到的旧消息不覆盖新数")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "village_id"], name="district_village_figure_once")]

    def __str__(self) -> str:
        return self.name


class YearFigure(models.Model):
    """Counters of one village and year (``delta`` messages add to them)."""

    town = models.CharField(max_length=63)
    village_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    key = models.CharField(
        max_length=40, help_text="declarations、redemptions、redeemed_before_october、notices、objections、red、black…"
    )
    value = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["town", "village_id", "year", "key"], name="district_year_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.town}/{self.village_id} {self.year} {self.key}"
