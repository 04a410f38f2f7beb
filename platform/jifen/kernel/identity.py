"""Resident identity numbers (GB 11643-1999) and mobile numbers."""

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def check_digit(first17: str) -> str:
    """The eighteenth character for the first seventeen digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def id_number_problem(text: str) -> str | None:
    """What is wrong with an ID number, in Chinese; ``None`` when it is right."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return "身份证号应为18位（末位可为X）"
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return "身份证号中的出生日期不存在"
    return None if check_digit(text[:17]) == text[17] else "身份证号校验位不对，请核对是否抄错"


def birth_date(id_number: str) -> date:
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def is_female(id_number: str) -> bool:
    return int(id_number[16]) % 2 == 0


def phone_problem(text: str) -> str | None:
    return None if re.fullmatch(r"1[3-9][0-9]{9}", text) else "手机号应为11位数字"


def contact_problem(text: str) -> str | None:
    """What is wrong with an office's telephone: a mobile, a fixed line with or without its area, a short number."""
    return None if re.fullmatch(r"[0-9]{3,5}(-?[0-9]{3,8}){0,2}", text) else "联系电话只写数字和“-”，例如 023-12345678"


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
