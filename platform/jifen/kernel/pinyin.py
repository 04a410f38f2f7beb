"""Chinese names by their sound: a stored sort key, since the database has no Chinese collation, and keys to search by."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


def sort_key(text: str) -> str:
    """``zhang wei`` for 张伟; other characters stay as they are."""
    return " ".join(lazy_pinyin(text, style=Style.NORMAL)).lower()


@lru_cache(maxsize=8_192)
def keys(text: str) -> str:
    """What somebody may type for ``text``: ``zhangwei zw`` for 张伟."""
    sounds = sort_key(text).split()
    return f"{''.join(sounds)} {''.join(sound[0] for sound in sounds)}"
