"""When a digest may go out (pure: no Django)."""

from datetime import datetime, time, timedelta


def next_slot(now: datetime, *, every: int, quiet_from: time, quiet_to: time) -> datetime:
    """The first moment after ``now`` that lies on the channel's grid of ``every`` minutes and is not quiet.

    The grid starts at midnight. Quiet time may pass midnight (21:00 to 08:00); equal ends mean that none is quiet.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = (now - midnight) // timedelta(minutes=every) + 1
    return after_quiet(midnight + timedelta(minutes=every * passed), quiet_from=quiet_from, quiet_to=quiet_to)


def after_quiet(moment: datetime, *, quiet_from: time, quiet_to: time) -> datetime:
    """``moment``, or the end of the quiet time it falls into."""
    if not is_quiet(moment.time(), quiet_from, quiet_to):
        return moment
    end = moment.replace(hour=quiet_to.hour, minute=quiet_to.minute, second=0, microsecond=0)
    return end if end > moment else end + timedelta(days=1)


def is_quiet(at: time, quiet_from: time, quiet_to: time) -> bool:
    if quiet_from <= quiet_to:
        return quiet_from <= at < quiet_to
    return at >= quiet_from or at < quiet_to
