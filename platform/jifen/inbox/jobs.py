"""What the clock makes the inbox do."""

from jifen.clocks.jobs import job
from jifen.inbox import services


@job(services.DIGEST_JOB, again=True)
def digest(period: str) -> None:
    """``2026-03-02T09:00/7``: the digest of channel 7 that is due at nine."""
    services.digest_due(channel_id=int(period.rsplit("/", 1)[1]))
