"""What a price cell says beside its price: never dropped in silence.

What changes how much, how often or what follows makes the line a problem; other words make a doubt, unless they are
the deed itself.
"""

import re

from scoring.rules.workbook import products
from scoring.rules.workbook.words import PROPOSALS

_HAN = "一二两三四五六七八九十百"
_QUALIFIES = re.compile(r"\d+(?:\.\d+)?(?:分钟|小时|天|个月|周岁|岁|年)(?:以上|以内|之内|内|以下|后)的?")
"""Who or what counts, as part of the deed: 30分钟内到场, 居住6个月以上的."""
_DECIDES = re.compile(
    r"限(?![期额制时速于])|最高|以内|一次性|重复|就高|封顶|[只仅]计|不累计"
    r"|首次|初次|再犯|再次|警告|屡|累犯|初犯|二次|第[" + _HAN + r"\d]+次"
    r"|清零|归零|取消|撤销|暂停|停止|冻结|否决|退出积分|一事一议"
    r"|降[" + _HAN + r"\d低]*[个颗]?[星级档]|不[得能予再](?:参|享|评|兑|加分|计分|奖)|禁止(?:兑|评)"
    r"|[<>≤≥=×✕*]|乘以?|[人次户]数|(?:^|\()/|就低|为止|扣完|除外"
)
"""Never only words, wherever it stands."""
_WEIGHS = re.compile(
    rf"\d|[{_HAN}半](?:个|分(?!类))?(?:次|人|户|年|月|天|倍|成|星|小时)|前[{_HAN}]|每|整改|恢复|退出|不得|降(?!解)|否则"
    r"|不(?:再)?(?:计|算|加|扣|得|含|包括)|减|另|[仅只]|至少|不少于|最[少低]|起步|农[忙闲]时|(?<!以)上$"
)
"""May say how much or what follows; in a sentence about a deed it seldom does."""
_TIME = re.compile(r"^(?:每|全|当)?(?:半?年|季|月|周|日|天|星期)[度内]?$")
_JOINS = re.compile(r"^(?:并且|并|且|同时|予以|给予|[,;、。:\s])+|(?:并且|并|且|同时|[,;、。:\s])+$")
_UNLIMITED = re.compile(r"[(,;、]?(?:上不封顶|不封顶|不设上限|不设限|无上限)\)?")


def without_joins(words: str) -> str:
    """``words`` without what only joined them to the price."""
    return _JOINS.sub("", words)


def without_no_cap(text: str) -> str:
    """``text`` without the words that there is no cap."""
    return _UNLIMITED.sub("", text)


def deciding(words: str, *, prose: bool) -> str:
    """The words that must not be dropped; empty when there are none. ``prose``: a deed told, the price in brackets."""
    plain = _QUALIFIES.sub("", words)
    found = _DECIDES.search(plain) or (None if prose else _WEIGHS.search(plain))
    return clause(plain, found) if found else ""


def proposal(lost: str) -> str:
    """Where in the editor ``lost`` can be said; empty where nothing is known."""
    if products.lacks_unit(lost):
        return "：没有写按什么单位算，请写成“每亩0.5分”“每小时2分”的样子，或在单位一列写上"
    return next((f"：{where}" for pattern, where in PROPOSALS if pattern.search(lost)), "")


def doubt(words: str, deed: str, *, prose: bool) -> str:
    """What a person has to look at; empty when nothing was left out."""
    if not words or not deed or ((words in deed or deed in words) and not _TIME.search(words)):
        return ""
    if prose and not _WEIGHS.search(_QUALIFIES.sub("", words)):
        return ""
    return f"“{words}”没有算进分值，只写进了行为，请核对"


def clause(text: str, found: re.Match[str]) -> str:
    """The clause around ``found``."""
    start = max(text.rfind(mark, 0, found.start()) for mark in ",;、。(") + 1
    ends = [text.find(mark, found.end()) for mark in ",;、。)"]
    return text[start : min((end for end in ends if end >= 0), default=len(text))].strip() or found.group()
