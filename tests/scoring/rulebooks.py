"""A town and a village that revise their rulebooks: what a test of drafts and versions needs again and again."""

from datetime import date, timedelta
from typing import Any

from jifen.files.models import File
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Adaptation, Draft, RulebookVersion
from scoring.selectors import drafts as seen
from scoring.services import draft_checks, drafts, resolutions, versions
from tests.scoring.desk import MONTH, NOW, Desk, photo, rule

LATER = (MONTH + timedelta(days=40)).replace(day=1)
"""The first of next month."""
AFTER = (LATER + timedelta(days=40)).replace(day=1)


class Office:
    """``desk``'s town and 石岭岗村 with people who write rulebooks: 周主任 of the town, 王管理 of the village."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.village = desk.village
        self.zhou = Actor.of(desk.cast.admin())
        self.wang = desk.by

    def town_draft(self, start: str = "current") -> Draft:
        return drafts.open_draft(village=None, start=start, by=self.zhou)

    def village_draft(self, start: str = "current") -> Draft:
        return drafts.open_draft(village=self.village, start=start, by=self.wang)

    def amend(self, draft: Draft, code: str = "tidy", points: int = 3, **values: Any) -> None:
        """The village gives other points for one of the town's items."""
        told = {"amount": {"kind": "fixed", "points": points}} | values
        drafts.add_item(draft=draft, code=code, body={"kind": "amend", "code": code, "values": told}, by=self.wang)

    def add(self, draft: Draft, code: str = "own-1", title: str = "晒谷互助", points: Any = 2) -> None:
        """An item of the village's own."""
        drafts.add_item(draft=draft, body={"kind": "add", "rule": rule(code, title, points)}, by=self.wang)

    def price(self, draft: Draft, code: str = "tidy", points: int = 3) -> None:
        """The town gives other points for one of its items."""
        item = draft.items.get(code=code)
        body = {**item.body, "amount": {"kind": "fixed", "points": str(points)}}
        drafts.save_item(draft=draft, code=code, revision=item.revision, body=body, by=self.zhou)

    def ready(self, draft: Draft) -> Draft:
        """Checked, and tried by a waiver."""
        by = self.wang if seen.is_village(draft) else self.zhou
        checked = draft_checks.check(draft=draft, by=by)
        draft_checks.waive_trial(draft=checked, revision=checked.revision, reason="新开的镇没有往年登记", by=by)
        return Draft.objects.get(pk=draft.pk)

    def resolve(self, draft: Draft, **told: Any) -> None:
        """The representatives vote: 28 of 30 come, 25 are for it."""
        votes: dict[str, Any] = {
            "meeting": "representatives", "held_on": NOW, "place": "村委会会议室", "members": 30, "present": 28,
            "votes_for": 25, "votes_against": 2, "votes_abstained": 1, "text": "同意修订积分细则",
        }  # fmt: skip
        votes["minutes"] = File.objects.filter(key="t_alpha/ready").first() or photo("ready")
        draft.refresh_from_db()
        resolutions.resolve(draft=draft, revision=draft.revision, by=self.wang, **votes | told)

    def submit(self, draft: Draft, day: date = LATER, **told: Any) -> RulebookVersion:
        by = self.wang if seen.is_village(draft) else self.zhou
        return versions.submit(draft=draft, effective_from=day, by=by, **{"resolution": "镇政发〔2026〕3号"} | told)

    def village_version(self, day: date = LATER, **change: Any) -> RulebookVersion:
        """石岭岗村 with an overlay of its own, filed and dated."""
        draft = self.village_draft()
        self.amend(draft, **change)
        self.ready(draft)
        self.resolve(draft)
        return self.submit(draft, day)

    def town_version(self, day: date = LATER, until: date | None = None, **price: Any) -> RulebookVersion:
        """The town's next version, approved by hand and dated."""
        draft = self.town_draft()
        self.price(draft, **price)
        self.ready(draft)
        version = self.submit(draft, day, effective_to=until)
        return versions.approve(version=version, by=SYSTEM)

    def pending(self) -> Adaptation:
        return Adaptation.objects.get(state="pending", rulebook__village=self.village)
