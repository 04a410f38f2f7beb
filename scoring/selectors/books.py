"""Versions of rulebooks as the engine reads them."""

import json
from functools import lru_cache

from scoring.models import RulebookVersion
from scoring.rules.spec import PLAIN, Settings


def settings_of(version: RulebookVersion) -> Settings:
    """What holds for the whole version; the same object for the same settings."""
    kept = (version.head or {}).get("settings")
    return _settings(json.dumps(kept, sort_keys=True)) if kept else PLAIN


@lru_cache(maxsize=256)
def _settings(text: str) -> Settings:
    return Settings.model_validate_json(text)
