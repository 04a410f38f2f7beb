"""What must always be true of digests on their way out."""

from jifen.inbox.selectors import DELIVER
from jifen.kernel.checks import Check

STUCK = f"""
SELECT count(*) FROM inbox_delivery d WHERE d.state = 'waiting' AND NOT EXISTS (
    SELECT FROM public.clocks_work w WHERE w.town = current_schema() AND w.task = '{DELIVER}'
        AND w.args = jsonb_build_array(d.id) AND w.state <> 'failed')
"""


def checks() -> list[Check]:
    return [Check("INBOX-1", "待发送的消息摘要都排在队里", STUCK)]
