"""What the database is asked, without the clock's own question.

Every process asks for the clock's offset anew once a second: whether that falls into a measured block is chance.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.test.utils import CaptureQueriesContext

from jifen.kernel.database import connection

OFFSET = "public.clocks_offset"


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements of the block, filled in when it ends."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured.captured_queries if OFFSET not in query["sql"]]
