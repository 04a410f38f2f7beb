"""Chinese names by their sound: a stored sort key, as the database has no Chinese collation, and keys to search by."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


def sort_key(text: str) -> str:
    """``zhang wei`` for 张伟; other characters stay as they are."""
    return " ".join(lazy_pinyin(text, style=Style.NORMAL)).lower()


def keys(text: str) -> str:
    """What somebody may type for ``text``: ``zhangwei zw`` for 张伟."""
    return " ".join(("".join(_sounds(text)), _initials(text)))


def found(words: str, text: str, *names: str) -> bool:
    """Whether each of ``words`` stands in ``text``, or is the sound or the initials of a part of one of ``names``."""
    return all(word in text or any(_sounds_so(word.lower(), name) for name in names) for word in words.split())


def _sounds_so(word: str, name: str) -> bool:
    if not word.isascii() or not word.isalpha():
        return False
    sounds = _sounds(name)
    starts = ("".join(sounds[place:]).startswith(word) for place in range(len(sounds)))
    return word in _initials(name) or any(starts)


@lru_cache(maxsize=8_192)
def _sounds(text: str) -> tuple[str, ...]:
    return tuple(sort_key(text).split())


def _initials(text: str) -> str:
    return "".join(sound[0] for sound in _sounds(text))
