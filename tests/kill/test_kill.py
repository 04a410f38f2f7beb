"""Whatever is killed in the middle of a month's work: nothing is half done, and the work is done exactly once."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from jifen.clocks import sealing
from jifen.clocks import services as clocks
from jifen.clocks.models import Due, Work
from jifen.flows import verify
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import outside
from jifen.local import Services, services
from jifen.local.binaries import postgres_bin
from scoring.models import Declaration, Review, ReviewItem
from scoring.services import filings, posting
from tenants import owner as schema_owner
from tests.kill import crew
from tests.scoring.desk import MONTH, Desk
from tests.scoring.owner import owner

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.services]

A_BALANCE = "SELECT FROM scoring_balance ORDER BY id LIMIT 1 FOR UPDATE"
A_DEED = "SELECT FROM scoring_declaration ORDER BY id DESC LIMIT 1 FOR UPDATE"
ENTRIES = """SELECT a.household_id, a.resident_id, e.measure, e.amount
    FROM scoring_entry e JOIN scoring_account a ON a.id = e.account_id ORDER BY 1, 2, 3, 4"""
BALANCES = """SELECT a.household_id, a.resident_id, b.measure, b.posted, b.positive, b.negative
    FROM scoring_balance b JOIN scoring_account a ON a.id = b.account_id ORDER BY 1, 2, 3"""
STATE = "SELECT state FROM scoring_review"

Ledger = tuple[list[Any], list[Any]]


def stored(sql: Any) -> Ledger:
    """All entries and all balances, by whose they are."""
    return sql.execute(ENTRIES).fetchall(), sql.execute(BALANCES).fetchall()


def settled(desk: Desk) -> Review:
    """The month is through the committee and the town; its posting is due now."""
    sheet = desk.sheet()
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=SYSTEM)
    sheet.refresh_from_db()
    return sheet


def rehearsed(sheet: Review) -> Ledger:
    """What the ledger will be when the sheet is posted once."""
    with transaction.atomic():
        posting.post_review(review=sheet, by=SYSTEM)
        with connection.cursor() as cursor:
            found = stored(cursor)
        transaction.set_rollback(True)
    return found


def breaches() -> list[verify.Finding]:
    sealing.seal_new()
    with outside():
        return [finding for finding in verify.findings() if finding.breaches]


def test_a_month_whose_worker_is_killed_is_posted_exactly_once(desk: Desk) -> None:
    wanted = rehearsed(settled(desk))
    with owner("t_alpha") as sql:
        before = stored(sql)
        with crew.in_the_way(sql, A_BALANCE), crew.working() as worker:
            crew.wait_until_blocked(sql, worker)
            crew.kill(worker)
            assert stored(sql) == before
        with crew.working():
            assert crew.eventually(lambda: sql.execute(STATE).fetchone() == ("posted",))
        assert stored(sql) == wanted != before
    assert breaches() == []


def test_a_month_whose_opener_is_killed_is_opened_exactly_once(desk: Desk) -> None:
    with outside():
        clocks.schedule(town="t_alpha", kind="review.open", period=f"{MONTH:%Y-%m}", due_at=clock.now())
    with owner("t_alpha") as sql, crew.in_the_way(sql, A_DEED), crew.working() as worker:
        crew.wait_until_blocked(sql, worker)
        crew.kill(worker)
        assert not Review.objects.exists() and not ReviewItem.objects.exists()
    with crew.working():
        assert crew.eventually(Review.objects.exists)
        assert crew.eventually(lambda: not Work.objects.exists())
    assert Review.objects.count() == 1
    assert ReviewItem.objects.count() == Declaration.objects.filter(state="in_review").count() == 16
    assert breaches() == []


@pytest.fixture
def folder() -> Iterator[Path]:
    """A run folder of its own, which nobody may traverse too."""
    path = Path(tempfile.mkdtemp(prefix="jifen-kill-", dir="/var/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def test_a_month_whose_database_is_killed_is_posted_exactly_once(desk: Desk, folder: Path) -> None:
    wanted, dump = rehearsed(settled(desk)), schema_owner.pg_dump()
    with crew.no_database_named():
        with services(run_dir=folder) as found:
            before = carried(found, dump)
            with at(found) as sql, crew.in_the_way(sql, A_BALANCE), crew.working(found.environ) as worker:
                crew.wait_until_blocked(sql, worker)
                crew.kill_database(folder / "postgres")
            assert crew.eventually(lambda: found.lost() is not None)
        with services(run_dir=folder) as found, at(found) as sql:
            assert (sql.execute("SHOW fsync").fetchone(), stored(sql)) == (("on",), before)
            with crew.working(found.environ):
                assert crew.eventually(lambda: sql.execute(STATE).fetchone() == ("posted",))
            assert stored(sql) == wanted != before
            verified(found)


def test_a_month_whose_broker_is_killed_is_posted_exactly_once_and_the_work_goes_on(desk: Desk, folder: Path) -> None:
    wanted = rehearsed(settled(desk))
    with owner("t_alpha") as sql, crew.broker(folder) as broker, crew.working(broker.environ) as worker:
        with crew.in_the_way(sql, A_BALANCE):
            crew.wait_until_blocked(sql, worker)
            broker.kill()
        assert crew.eventually(lambda: sql.execute(STATE).fetchone() == ("posted",))
        assert stored(sql) == wanted
        broker.start()
        goes_on(worker)
        assert stored(sql) == wanted
    assert breaches() == []


def test_messages_that_a_killed_broker_loses_are_sent_again(desk: Desk, folder: Path) -> None:
    wanted = rehearsed(settled(desk))
    with owner("t_alpha") as sql, crew.broker(folder) as broker:
        with crew.in_the_way(sql, A_BALANCE), crew.working(broker.environ) as worker:
            crew.wait_until_blocked(sql, worker)
            broker.kill()
            crew.kill(worker)
        broker.start()
        with crew.working(broker.environ):
            assert crew.eventually(lambda: sql.execute(STATE).fetchone() == ("posted",))
            assert crew.eventually(lambda: not Work.objects.exists())
        assert stored(sql) == wanted
    assert breaches() == []


def test_a_beat_that_is_killed_takes_nothing_with_it(desk: Desk, folder: Path) -> None:
    wanted = rehearsed(settled(desk))
    with owner("t_alpha") as sql, crew.working(beat=False) as worker:
        with crew.beating(folder) as beat, crew.in_the_way(sql, A_BALANCE):
            crew.wait_until_blocked(sql, worker)
            crew.kill(beat)
        assert crew.eventually(lambda: sql.execute(STATE).fetchone() == ("posted",))
        assert stored(sql) == wanted
        with crew.beating(folder):
            goes_on(worker)
        assert stored(sql) == wanted
    assert breaches() == []


def goes_on(worker: subprocess.Popen[bytes]) -> None:
    """What is due next is done, once, by the same worker."""
    hour = f"{clock.next_month(MONTH):%Y-%m-%d}T09"
    with outside():
        clocks.schedule(town="t_alpha", kind="approvals.due", period=hour, due_at=clock.now())
    done = Due.objects.filter(kind="approvals.due", period=hour, state="done")
    assert crew.eventually(lambda: done.exists() and not Work.objects.exists())
    assert worker.poll() is None


def at(found: Services) -> psycopg.Connection[Any]:
    """The superuser in 树人镇."""
    sql = psycopg.connect(str(found.admin_database_url), autocommit=True)
    sql.execute("SET search_path = t_alpha, public")
    return sql


def carried(found: Services, dump: str) -> Ledger:
    """The ledger after the tests' database has been copied into the services' own."""
    command: list[str | Path] = [
        postgres_bin(found.folder) / "psql",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        str(found.admin_database_url),
    ]
    subprocess.run(command, input=dump, text=True, check=True, stdout=subprocess.DEVNULL)
    with at(found) as sql:
        return stored(sql)


def verified(found: Services) -> None:
    """``jifen verify`` finds nothing."""
    subprocess.run(
        [sys.executable, "-m", "jifen", "verify"], env={**os.environ, **found.environ}, check=True, capture_output=True
    )
