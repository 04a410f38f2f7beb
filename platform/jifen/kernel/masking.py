"""How personal data looks to those who may not read it whole (DESIGN §9)."""


def name(text: str) -> str:
    """``张*`` for two characters, ``李*明`` for three or more; a minor's name is never shown at all."""
    if len(text) <= 1:
        return "*"
    if len(text) == 2:
        return text[0] + "*"
    return text[0] + "*" * (len(text) - 2) + text[-1]


def phone(text: str) -> str:
    """``138****1234``."""
    return text[:3] + "****" + text[-4:] if len(text) >= 11 else "*" * len(text)


def id_number(text: str) -> str:
    """First three and last four of the eighteen."""
    return text[:3] + "*" * (len(text) - 7) + text[-4:] if len(text) > 7 else "*" * len(text)
