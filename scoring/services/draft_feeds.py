"""A device or department that sends several items has one name in all of them."""

from typing import Any

from django.db.models import F

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring.models import Draft, DraftItem


def rename(*, draft: Draft, before: Any, item: DraftItem, by: Actor) -> list[str]:
    """Name the sender of ``item`` alike in the draft's other items, where it was named otherwise ``before``.

    Returns:
        The codes of the items that were changed.
    """
    old, new = _feed(before), _feed(item.body)
    if not old or not new.get("name") or old.get("code") != new.get("code") or _named(old) == _named(new):
        return []
    others = draft.items.filter(is_removed=False).exclude(pk=item.pk)
    found = [
        row for row in others if (feed := _feed(row.body)).get("code") == new["code"] and _named(feed) != _named(new)
    ]
    for row in found:
        body = _with(row.body, {**_feed(row.body), **_named(new)})
        DraftItem.objects.filter(pk=row.pk).update(
            body=body, revision=F("revision") + 1, changed_at=clock.now(), changed_by_name=by.name
        )
    codes = [row.code for row in found]
    if codes:
        audit.record(
            by=by, action="draft.rename_source", subject=draft, village_id=draft.rulebook.village_id, codes=codes
        )
    return codes


def _feed(body: Any) -> dict[str, Any]:
    rule = body.get("rule", body) if isinstance(body, dict) else {}
    feed = rule.get("feed") if isinstance(rule, dict) else None
    return feed if isinstance(feed, dict) else {}


def _named(feed: dict[str, Any]) -> dict[str, Any]:
    return {name: feed[name] for name in ("name", "kind") if name in feed}


def _with(body: dict[str, Any], feed: dict[str, Any]) -> dict[str, Any]:
    if isinstance(body.get("rule"), dict):
        return {**body, "rule": {**body["rule"], "feed": feed}}
    return {**body, "feed": feed}
