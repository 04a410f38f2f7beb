"""The legality guard: what touches rights that the law guarantees, or private life, is off until signed off.

It reads words, and so it errs to the side of asking. What is asked is a reason, given by a person who answers for it.
Paying for medical insurance is nobody's right withheld: it may be rewarded, and offered in exchange for points.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scoring.rules.findings.base import Finding, Found, Mend, active, switched_off
from scoring.rules.policy import Policy
from scoring.rules.spec import Rulebook, RuleSpec


class Topic(NamedTuple):
    code: str
    name: str
    words: re.Pattern[str]


WITHHELD = re.compile(
    "(?:取消|暂停|停止|停发|扣发|不予|不得享受|不再享受|不能享受|不给|限制)[^，。；]{0,8}"
    "(?:低保|医保|补贴|补助|救助|养老|分红|福利|入学|上学|参军|贷款|证明|盖章|宅基地|用水|用电|报销)"
)
INSURANCE = re.compile("医保|合作医疗|新农合|医疗保险")
TOPICS: tuple[Topic, ...] = tuple(
    Topic(code, name, re.compile(words))
    for code, name, words in (
        ("withheld", "停办、停发应得的待遇", WITHHELD.pattern),
        (
            "welfare", "低保、救助、补贴",
            "残疾人?证|残疾等级|低保|五保|特困|社会救助|临时救助|医疗救助|残疾人?补贴|高龄津贴|养老金|养老保险|惠农补贴|困难补助",
        ),
        (
            "schooling", "上学",
            (
                "入学|上学|就学|升学|学籍|辍学|失学|考上|考取|录取|义务教育|幼儿园|学前教育"
                "|(?:不送|不让)[^，。；]{0,6}(?:读书|念书)"
            ),
        ),
        (
            "petition", "信访、投诉、诉讼",
            (
                "上访|信访|缠访|闹访|12345|市长热线|热线电话|(?<![无被到人])投诉|告状|控告|打官司|起诉|诉讼|行政复议"
                "|向(?:上级|上面|纪委|媒体)[^，。；]{0,6}(?:举报|反映|检举)"
                "|(?:举报|检举)(?:村|镇|乡|街道)?(?:干部|领导|两委|委会)"
            ),
        ),
        ("religion", "宗教信仰", "宗教|信教|教堂|寺庙|教会|礼拜|佛事|道观|烧香|拜佛|拜神|进香|诵经|念经|朝觐"),
        (
            "marriage", "婚姻生育",
            "结婚|离婚|婚姻|早婚|晚婚|未婚|再婚|彩礼|生育|计生|超生|二孩|三孩|多孩|二胎|三胎|怀孕|孕检|婚检|婚育",
        ),
        ("election", "选举", "选举|投票|参选|候选人|换届|贿选|拉票"),
        (
            "land", "土地、宅基地",
            "征地|征收|拆迁|腾退|宅基地|承包地|承包权|土地流转|流转土地|退耕|集中居住|撂荒|抛荒|弃耕|弃荒",
        ),
        ("health", "健康隐私", "疫苗|接种|核酸|病史|传染病|艾滋|精神病|精神障碍|献血|器官捐|体检|健康码"),
        ("debt", "债务、贷款", "欠款|欠债|债务|还款|贷款|贴息|失信|老赖|担保|欠费|拖欠|借贷|借款"),
        ("clan", "宗族", "宗族|家族|宗派|宗亲|祠堂|族谱"),
    )
)  # fmt: skip

OFFERED = frozenset({"health"})
"""A check-up for free is a gift like any other."""


def find(book: Rulebook) -> Found:
    """One finding for each item that touches a guarded topic."""
    for rule in active(book):
        found = list(topics(_words(rule), negative=rule.sign == "negative"))
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
    for topic in TOPICS:
        word = topic.words.search(text)
        if word:
            yield topic, word.group()
    insurance = INSURANCE.search(text)
    if insurance and negative:
        yield Topic("insurance", "医疗保险", INSURANCE), insurance.group()


def _words(rule: RuleSpec) -> str:
    """Everything that an item says to people."""
    parts = [rule.title, rule.matter, rule.text]
    parts += [word for item in rule.inputs for word in (item.label, item.help or "", *item.choices)]
    parts += [one.message for one in rule.conditions] + [one.text for one in rule.consequences]
    return "\n".join(parts)
