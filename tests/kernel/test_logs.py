"""Each line of the log says which town it belongs to."""

import logging
from types import SimpleNamespace

from jifen import logs
from tenants.models import Town


def test_a_refused_request_is_logged_under_the_town_that_answered(db: None) -> None:
    record = logging.makeLogRecord({"request": SimpleNamespace(tenant=Town(schema_name="t_beta"))})
    assert logs.add_town(None, "warning", {"event": "Not Found", "_record": record})["town"] == "t_beta"


def test_a_line_without_a_request_has_the_town_being_served(town: Town) -> None:
    assert logs.add_town(None, "info", {"event": "served"})["town"] == "t_alpha"
