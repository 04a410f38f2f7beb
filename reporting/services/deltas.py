"""What the district counts: told through the outbox in the same transaction."""

from jifen.outbox import services as outbox


def tell(*, village_id: int, year: int, key: str, value: int) -> None:
    """Add ``value`` to the village's counter ``key`` of ``year``; nothing for zero."""
    if value:
        outbox.tell(kind="delta", payload={"village_id": village_id, "year": year, "key": key, "value": value})
