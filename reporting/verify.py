"""What ``jifen verify`` asks of a town's notices."""

from django.db import connection

from jifen.kernel.checks import Check
from reporting import snapshots
from reporting.models import Notice

GUARDS = ("reporting_notice_frozen", "reporting_listrow_frozen", "reporting_objection_final")

_UNGUARDED = """
SELECT count(*) FROM unnest(%s::text[]) AS wanted (name) WHERE NOT EXISTS (
    SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND t.tgname = wanted.name AND t.tgenabled IN ('O', 'A'))"""

_UNCORRECTED = """
SELECT count(*) FROM reporting_objection o
WHERE o.state = 'upheld' AND o.posting_id IS NOT NULL AND o.reversal_id IS NULL"""

_ASTRAY = """
SELECT count(*) FROM reporting_objection o JOIN scoring_posting p ON p.id = o.reversal_id
WHERE p.reverses_id IS DISTINCT FROM o.posting_id"""


def checks() -> list[Check]:
    """For each town."""
    return [
        Check("I8", "已公示内容与其校验值一致", run=changed_notices),
        Check("I8", "公示、红黑榜和异议的数据库保护都在", run=missing_guards),
        Check("I8", "成立的异议都已更正", sql=_UNCORRECTED),
        Check("I8", "异议的更正针对的是所异议的那笔积分", sql=_ASTRAY),
    ]


def changed_notices() -> int:
    """Notices whose content no longer gives the hash they were published with, or whose dates differ from it."""
    rows = Notice.objects.only("snapshot", "sha256", "number", "closes_on", "objections_until")
    return sum(not _as_published(notice) for notice in rows.iterator(chunk_size=200))


def _as_published(notice: Notice) -> bool:
    header = notice.snapshot["header"]
    days = (notice.closes_on.isoformat(), notice.objections_until.isoformat())
    same = (header["closes_on"], header["objections_until"]) == days and header["number"] == notice.number
    return same and snapshots.digest(notice.snapshot) == notice.sha256


def missing_guards() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_UNGUARDED, [list(GUARDS)])
        [count] = cursor.fetchone() or (0,)
    return int(count)
