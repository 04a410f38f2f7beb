"""A stored sort key for Chinese names: the database has no Chinese collation."""

from pypinyin import Style, lazy_pinyin


def sort_key(text: str) -> str:
    """``zhang wei`` for 张伟; other characters stay as they are."""
    return " ".join(lazy_pinyin(text, style=Style.NORMAL)).lower()
