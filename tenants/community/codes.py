"""The code that identifies a household at a shop: ``JF-<户号>-<four digits>``, the same as QR text and in print.

The digits are an HMAC of the number under the card's own secret: a new card makes old copies worthless, and nobody who
knows a household's number can make up its code.
"""

import hashlib
import hmac
import re
import secrets

from tenants.community.models import Household

PREFIX = "JF"
_NUMBER = re.compile(r"\w[\w.-]{0,19}")
_TEXT = re.compile(r"(?:JF-?)?(?P<number>.+?)[-\s]?(?P<check>\d{4})")


def is_number(text: str) -> bool:
    """Whether a household can have it as its number: it stands in addresses and in the code."""
    return _NUMBER.fullmatch(text) is not None


def new_secret() -> str:
    """256 random bits as 43 characters."""
    return secrets.token_urlsafe(32)


def check_digits(household: Household) -> str:
    """The four digits printed behind the household's number."""
    digest = hmac.new(household.card_secret.encode(), household.number.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10_000:04d}"


def text(household: Household) -> str:
    """What the QR code holds."""
    return f"{PREFIX}-{household.number}-{check_digits(household)}"


def split(code: str) -> tuple[str, str] | None:
    """Number and digits of a scanned or typed code; spaces, full-width characters and case do not matter."""
    plain = code.strip().translate(_NARROW).upper()
    found = _TEXT.fullmatch(plain)
    return (found["number"].strip("- "), found["check"]) if found else None


def fits(household: Household, check: str) -> bool:
    return hmac.compare_digest(check_digits(household), check)


_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20, 0x2014: 0x2D, 0x2013: 0x2D}
