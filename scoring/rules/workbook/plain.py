"""How people write digits, marks and points, made one way of writing."""

import re
import unicodedata

from scoring.rules.workbook import units

_UNIT = units.PATTERN
VERBS = (
    "参加|参与|完成|组织|开展|提供|发现|举报|捐赠|捐款|捐|种植|植树|栽种|种|植|栽"
    "|带动|发动|动员|引进|流转|回收|调解|报送|做好|获得|服务|劳动|达到"
)
"""What is done so many times: 每参加一天."""
_CIRCLED = {ord(char): f"({number})" for number, char in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", 1)}
_SAME = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "－": "-",
        "～": "~",
        "〜": "~",
        "∼": "~",
        "、": "、",
        "\t": " ",
        "【": "(",
        "】": ")",
        "[": "(",
        "]": ")",
    }
)
_HAN = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_POINTS = re.compile(r"(?<=[\d一二两三四五六七八九十])个?积分(?![制卡超榜高低排最靠前])")
_HAN_POINTS = re.compile(
    r"(?:(?<=[扣减加奖励计记得给予除罚次人户])(?!十分(?![每的])[\u4e00-\u9fff])([一二两三四五六七八九十]{1,3})分(?![钟之])"
    r"|(?:^|(?<=[,;、。(:]))([一二两三四五六七八九十]{1,3})分(?=[/每,;、。()]|$))"
)
_HAN_ONE = re.compile(rf"(每(?:{VERBS})?)一(?={_UNIT})")
_HAN_EACH = re.compile(rf"(每(?:满|{VERBS})?)([二两三四五六七八九十]{{1,3}})(?={_UNIT})")
_HAN_CAP = re.compile(r"(?<=[限计多过])([一二两三四五六七八九十]{1,3})(?=[次分])")
_EACH_PERSON = re.compile(r"每(?:户|(人))每次")
_DOT = re.compile(rf"(?<=[/每])({_UNIT})[·•∙・](?={_UNIT})")


def plain_text(text: str) -> str:
    """Full-width digits and signs as narrow ones, every dash the same, ① as (1), 两 and 十 as digits, 积分 as 分."""
    same = unicodedata.normalize("NFKC", text.translate(_CIRCLED)).translate(_SAME)
    same = _POINTS.sub("分", same)
    same = _HAN_POINTS.sub(lambda found: f"{_han(found.group(1) or found.group(2))}分", same)
    same = _HAN_EACH.sub(lambda found: f"{found.group(1)}{_han(found.group(2))}", same)
    same = _HAN_CAP.sub(lambda found: str(_han(found.group(1))), same)
    same = _DOT.sub(r"\1/", same)
    return _EACH_PERSON.sub(lambda found: f"每{found.group(1) or ''}次", _HAN_ONE.sub(r"\1", same)).strip()


def _han(text: str) -> int:
    """Up to 九十九."""
    tens, is_tens, ones = text.rpartition("十")
    return (10 * _HAN.get(tens, 1) if is_tens else 0) + _HAN.get(ones, 0)
