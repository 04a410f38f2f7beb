"""公示编号: the town's short name, the year, and a number that runs through the town: 川沙积分公示〔2025〕12号.

A correction takes the next number like any other notice; no code of a village stands in it.
"""

from jifen.kernel import clock, locking
from reporting.models import Notice

PENDING = "公示时编号"
"""What a draft bears."""
_ENDINGS = ("街道办事处", "民族乡", "街道", "新镇", "镇", "乡")


def short_name(town: str) -> str:
    """川沙 for 川沙新镇, 祝桥 for 祝桥镇; at least two characters stay, so 大新镇 is 大新."""
    for ending in _ENDINGS:
        if town.endswith(ending) and len(town) >= len(ending) + 2:
            return town.removesuffix(ending)
    return town


def take(town: str, count: int) -> list[str]:
    """The next ``count`` numbers of this year; two who ask wait for each other's transaction."""
    locking.advisory("notice-numbers")
    series = f"{short_name(town)[:20]}积分公示〔{clock.today().year}〕"
    last = Notice.objects.filter(number__startswith=series).count()
    return [f"{series}{last + place}号" for place in range(1, count + 1)]
