"""What lies behind the words that were said of an item."""

from collections.abc import Iterable

from jifen.approvals.models import Word
from jifen.files import selectors as stored
from jifen.files.models import File, FileState


def scans(words: Iterable[Word]) -> dict[int, str]:
    """Links to the signed sheets behind the words, by the file's id."""
    ids = {word.data["scan"] for word in words if word.data.get("scan")}
    return {file.pk: stored.link(file) for file in File.objects.filter(pk__in=ids, state=FileState.READY)}
