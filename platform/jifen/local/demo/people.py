"""Made-up, plausible people: names, ID numbers with true check digits, phones. The same seed gives the same people."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from jifen.kernel.identity import check_digit

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤禤"
)
MALE = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆亮旭建国志文德福寿根林生财旺荣清海松柏山水"
FEMALE = "芳娜敏静丽艳娟霞秀燕玲桂英梅兰红云珍琴香莲凤巧慧洁雪琳倩妍萍莉欣怡美华彩菊春秋月娥汧"
RELATIONS = ("配偶", "子", "女", "父", "母", "儿媳", "孙子", "孙女")


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the roster. ``relation`` is to the head (户主 for the head)."""

    name: str
    relation: str
    id_number: str
    phone: str
    born: date
    is_female: bool


class People:
    """Draws people from a seeded source; ID numbers and phones never repeat."""

    def __init__(self, seed: str, division: str) -> None:
        self._random = random.Random(seed)
        self._division = division
        self._serial = 0

    def family(self, on: date) -> list[Person]:
        """A head and two to five relatives; most heads are between 40 and 75 on the day ``on``."""
        surname = self._random.choice(SURNAMES)
        head_age = self._random.randint(40, 75)
        family = [self._person(surname, "户主", head_age, self._random.random() < 0.18, on)]
        family.append(self._person("", "配偶", head_age + self._random.randint(-4, 3), not family[0].is_female, on))
        family.extend(
            self._person(surname, relation, max(1, head_age - self._random.randint(22, 30)), relation == "女", on)
            for relation in self._random.sample(["子", "女"], k=self._random.choice((0, 1, 1, 2)))
        )
        if head_age < 56 and self._random.random() < 0.45:
            family.append(self._person("", "母", head_age + self._random.randint(20, 26), True, on))
        if head_age > 55 and self._random.random() < 0.5:
            girl = self._random.random() < 0.5
            age = max(1, head_age - self._random.randint(48, 55))
            family.append(self._person(surname, "孙女" if girl else "孙子", age, girl, on))
        return family

    def _person(self, surname: str, relation: str, age: int, is_female: bool, on: date) -> Person:
        born = on - timedelta(days=age * 365 + self._random.randint(1, 364))
        given = self._given(is_female)
        phone = self._phone() if age >= 14 else ""
        return Person(
            (surname or self._random.choice(SURNAMES)) + given,
            relation,
            self._id_number(born, is_female),
            phone,
            born,
            is_female,
        )

    def _given(self, is_female: bool) -> str:
        letters = FEMALE if is_female else MALE
        return "".join(self._random.sample(letters, k=self._random.choice((1, 2, 2, 2))))

    def _id_number(self, born: date, is_female: bool) -> str:
        self._serial += 1
        order = (self._serial * 2) % 1000
        order += 0 if is_female else 1
        first17 = f"{self._division}{born:%Y%m%d}{order:03d}"
        return first17 + check_digit(first17)

    def _phone(self) -> str:
        self._serial += 1
        prefix = self._random.choice(("138", "139", "150", "158", "177", "186", "189"))
        return f"{prefix}{self._serial:04d}{self._random.randint(0, 9999):04d}"
