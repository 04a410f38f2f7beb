"""Versions of rulebooks as the engine reads them."""

import json
from functools import lru_cache

from scoring.models import RulebookVersion
from scoring.rules import phrases_book, printing
from scoring.rules.spec import PLAIN, Settings
from scoring.selectors.rules import spec_of


def settings_of(version: RulebookVersion) -> Settings:
    """What holds for the whole version; the same object for the same settings."""
    kept = (version.head or {}).get("settings")
    return _settings(json.dumps(kept, sort_keys=True)) if kept else PLAIN


def shared_caps(version: RulebookVersion) -> dict[str, list[str]]:
    """By code, the combined caps that name an item, in words; an item that none names is left out."""
    settings = settings_of(version)
    named = {code for limit in settings.limits for code in limit.rules}
    if not named:
        return {}
    rules = version.rules.filter(code__in=named)
    return phrases_book.beside(settings, printing.known_of(map(spec_of, rules)))


@lru_cache(maxsize=256)
def _settings(text: str) -> Settings:
    return Settings.model_validate_json(text)
