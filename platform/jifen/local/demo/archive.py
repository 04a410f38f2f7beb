"""Papers of the year: vouchers and posters are made by the worker; wait until all lie in the store."""

from datetime import date

from jifen.local.demo.plan import TownPlan
from jifen.local.demo.waiting import until
from redemption.models import Redemption
from reporting.models import Notice


def wait(plan: TownPlan, _: date) -> None:
    unarchived = Redemption.objects.filter(state="captured", voucher=None)
    until(lambda: not unarchived.exists(), "归档兑换凭证")
    until(lambda: not Notice.objects.filter(posters=None).exists(), "印制公示海报")
