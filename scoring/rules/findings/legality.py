"""The legality guard: what touches rights that the law guarantees, or private life, is off until signed off.

It reads words, and so it errs to the side of asking. What is asked is a reason, given by a person who answers for it.
Paying for medical insurance is nobody's right withheld: it may be rewarded, and offered in exchange for points.
"""

from collections.abc import Iterator

from scoring.rules.findings.base import Finding, Found, Mend, active, switched_off
from scoring.rules.findings.topics import INSURANCE, TOPICS, Topic
from scoring.rules.policy import Policy
from scoring.rules.spec import Rulebook, RuleSpec

OFFERED = frozenset({"health"})
"""A check-up for free is a gift like any other."""


def find(book: Rulebook) -> Found:
    """One finding for each item that touches a guarded topic."""
    for rule in active(book):
        found = list(topics(words(rule), negative=rule.sign == "negative"))
        if found:
            told = "、".join(f"{topic.name}（“{word}”）" for topic, word in found)
            text = f"“{rule.title}”涉及{told}：这是法律保障的权利或私人生活，没有人签署理由以前不启用。"
            mend = Mend("停用这一条；确有依据的，签署理由后启用", switched_off(rule))
            yield Finding("legality", "sign_off", (rule.code,), text, mend)


def find_in_policy(policy: Policy) -> Found:
    """What the uses of points touch: benefits that are given or withheld by them."""
    for benefit in policy.benefits:
        touched = topics(f"{benefit.name} {benefit.text}", negative=False)
        found = [(topic, word) for topic, word in touched if topic.code not in OFFERED]
        if found:
            told = "、".join(f"{topic.name}（“{word}”）" for topic, word in found)
            text = f"政策支持“{benefit.name}”涉及{told}：不能按积分给或不给，没有人签署理由以前不启用。"
            mend = Mend("不与积分挂钩；确有依据的，签署理由后启用")
            yield Finding("legality_benefit", "sign_off", (benefit.code,), text, mend)


def topics(text: str, *, negative: bool) -> Iterator[tuple[Topic, str]]:
    """The guarded topics that ``text`` touches, each with the word that says so."""
    for topic in (*TOPICS, INSURANCE) if negative else TOPICS:
        word = topic.found(text)
        if word:
            yield topic, word


def words(rule: RuleSpec) -> str:
    """Everything that an item says to people."""
    parts = [rule.title, rule.matter, rule.text]
    parts += [word for item in rule.inputs for word in (item.label, item.help or "", *item.choices)]
    parts += [one.message for one in rule.conditions] + [one.text for one in rule.consequences]
    return "\n".join(parts)
