"""What a negative balance does is said, not left to a default."""

from scoring.rules.findings.base import Finding, Found, Mend, active
from scoring.rules.spec import Rulebook, RuleSpec

UNSAID = "negative_unsaid"
CHOICES = {"allowed": "可以欠，年底结清", "zero": "扣到0分为止", "carried": "欠的转到下一年接着扣"}
"""By what ``settings`` say: the mends of which somebody chooses one."""
MEASURES = {"merit": "评比积分", "redeemable": "可兑换积分"}
_ZEROING = ("zero_year", "zero_month", "zero_balance")


def find(book: Rulebook) -> Found:
    """A rulebook that takes points, without a word on what is below zero."""
    left = [word for name, word in MEASURES.items() if getattr(book.settings, name).negative is None]
    taking = next((rule for rule in active(book) if _takes(rule)), None)
    if not left or taking is None:
        return
    told = f"有扣分的条目（例如“{taking.title}”），但没有写{'、'.join(left)}扣成负数怎么办，现在是可以欠、年底结清。"
    yield Finding("negative_unsaid", "hint", (), told, Mend(f"选一种：{'；'.join(CHOICES.values())}"))


def _takes(rule: RuleSpec) -> bool:
    return rule.sign == "negative" or any(one.kind in _ZEROING for one in rule.consequences)
