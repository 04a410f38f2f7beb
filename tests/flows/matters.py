"""A village with one of each kind of people, and the matters on which they act: a sheet, a month, a hearing …"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from jifen.accounts.models import User
from jifen.files import services as files
from jifen.flows import close_year, posts
from jifen.kernel.actors import SYSTEM, Actor
from reporting import policies as lists
from reporting.models import Objection
from reporting.services import answers, objections
from scoring import selectors as scoring
from scoring.models import Hearing, Posting, Review, ReviewPolicy
from scoring.rules import library
from scoring.services import filings, hearings, meetings, posting, reviews, years
from tenants.community.models import Role
from tests.cast import Cast
from tests.flows.conftest import LAST, hang
from tests.scoring.closing import seal
from tests.scoring.desk import MONTH, NOW, Desk, photo

FINDING: dict[str, Any] = {"upheld": False, "finding": "核实无误"}


class Matters:
    """``concerned`` heads the household that is judged; ``committee`` has decided nothing of it where another could;
    ``far`` is another village's steward."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.desk = cast, Desk(cast)
        section = library.load("seed_003").policy.model_dump(mode="json")
        lists.install(section=section, effective_from=date(LAST, 1, 1), by=SYSTEM)
        self.people: dict[str, User] = {
            "officer": self.desk.officer, "admin": cast.admin(), "steward": self.desk.steward,
            "committee": self.desk.wu, "supervisor": cast.supervisor(),
            "leader": cast.holder("孙组长", Role.GROUP_LEADER), "volunteer": cast.holder("周志愿", Role.VOLUNTEER),
            "concerned": cast.villager(self.desk.zhang), "neighbour": cast.villager(cast.household(name="钱七")),
            "far": cast.steward(cast.village("李家村"), "远管理"),
        }  # fmt: skip

    def subject(self, operation: str) -> int | str:
        """Bring the matter to where ``operation`` makes sense; the id in its address."""
        kind, _, act = operation.partition(":")
        made: dict[str, Callable[[str], int | str]] = {
            "reviews": self._sheet, "review-meetings": self._sheet, "review-items": self._item,
            "own-stand-ins": self._stand_in, "filings": self._filing, "months": self._month,
            "review-policies": lambda _: int(ReviewPolicy.objects.latest("pk").pk), "hearings": self._hearing,
            "own-hearings": self._hearing, "objections": self._objection, "own-objections": self._objection,
            "hand-overs": self._hand_over,
        }  # fmt: skip
        if kind.startswith("years/"):
            return self._year(operation)
        if "in-hand" in kind:
            return int(self.desk.wu.pk)
        return made[kind](act) if kind in made else 0

    def body(self, operation: str, role: str) -> dict[str, Any]:
        bodies: dict[str, dict[str, Any]] = {
            "reviews:create": {"village": self.desk.village.pk, "month": MONTH.isoformat()},
            "review-items:decide": {"verdict": "approved"},
            "review-meetings:update": {"held_on": NOW.isoformat(), "place": "村委会"},
            "review-meetings:seats": {"role": self.desk.seat(self.desk.li).pk, "presence": "present"},
            "review-meetings:verdicts": {"rest": self.desk.seat(self.desk.li).pk},
            "filings:answer": {"accept": True}, "filings:receive": {"month": MONTH.isoformat()},
            "review-policies:create": {"effective_from": (NOW + timedelta(days=1)).isoformat(), "late": "next_month"},
            "hearings:state": {"statement": "不是我家倒的。", "channel": "oral"},
            "own-hearings:state": {"statement": "不是我家倒的。"},
            "hearings:decide": {"outcome": "kept", "reason": "核实属实"},
            "objections:answer": FINDING, "objections:opinion": FINDING, "own-objections:appeal": {"text": "不服。"},
            "calendar:put": {"section": {}},
            "objection-handling:put": {
                "answer_days": 10, "town_answer_days": 20, "appeal_days": 10, "investigated_by": ["committee"]
            },
            "years/<int:number>/closing/day:post": {"day": f"{LAST + 1}-12-31"},
            "years/<int:number>/reopening:post": {"reason": "漏记一户"},
        }  # fmt: skip
        if operation in ("review-meetings:paper", "hand-overs:scan"):
            return {"file": self._scan(role, "sheet" if operation.startswith("review") else "evidence")}
        if operation == "hand-overs:create":
            return {"giver": self.desk.wu.pk, "receiver": self.people["neighbour"].pk, "witness": "郑监交"}
        if operation.endswith("objections:create"):
            asked = {"posting": Posting.objects.get().pk, "text": "那天我在外地。"}
            more = {"household": self.desk.zhang.number, "channel": "in_person"}
            return asked if operation.startswith("own-") else asked | more
        return bodies.get(operation, {})

    def _scan(self, role: str, kind: str) -> int:
        """The signed sheet that ``role`` has uploaded."""
        if role not in self.people:
            return 1
        by = Actor.of(self.people[role])
        return files.store(kind=kind, name="表.pdf", content_type="application/pdf", body=b"%PDF-", by=by).pk

    def _open(self) -> Review:
        self.desk.record("tidy")
        self.desk.record("litter")
        return self.desk.sheet()

    def _sheet(self, act: str) -> int:
        sheet = self._open()
        if act in ("sign", "close"):
            for user in (self.desk.li, self.desk.wu):
                reviews.decide_rest(review=sheet, by=Actor.of(user))
        if act == "close":
            for user in (self.desk.li, self.desk.wu):
                reviews.sign(review=sheet, role=self.desk.seat(user), by=Actor.of(user))
        if act in ("paper", "verdicts"):
            meetings.all_came(review=sheet, by=SYSTEM)
        if act == "verdicts":
            meetings.attach(review=sheet, file=photo("ready"), by=SYSTEM)
        return int(sheet.pk)

    def _hand_over(self, act: str) -> int:
        """李委员 has handed over to 钱七."""
        terms: dict[str, Any] = {"witness": "郑监交", "things": {}, "by": Actor.of(self.people["admin"])}
        return int(posts.hand_over(giver=self.desk.li, receiver=self.people["neighbour"], **terms).pk)

    def _item(self, act: str) -> int:
        return int(self._open().items.get(declaration__rule__code="tidy").pk)

    def _stand_in(self, act: str) -> int:
        """钱七 sits for 李委员 on a sheet where all is decided."""
        sheet = self._open()
        reviews.decide_rest(review=sheet, by=Actor.of(self.desk.wu))
        found = meetings.substitute_named(self.desk.village, "钱七")
        seat = self.desk.seat(self.desk.li)
        meetings.attend(review=sheet, role=seat, presence="substitute", substitute=found, by=Actor.of(self.desk.wu))
        return int(sheet.pk)

    def _filing(self, act: str) -> int:
        return int(self.desk.decide_all(self._open()).pk)

    def _month(self, act: str) -> str:
        self._open()
        return f"{MONTH:%Y-%m}"

    def _hearing(self, act: str) -> int:
        self.desk.choose(hearing_days=3)
        sheet = self._open()
        filings.answer(filing=self.desk.decide_all(sheet), accept=True, by=Actor.of(self.desk.officer))
        posting.post_review(review=sheet, by=SYSTEM)
        if act == "decide":
            said = {"statement": "不是我家倒的。", "channel": "oral"}
            hearings.state(hearing=Hearing.objects.get(), by=self.desk.by, **said)
        return int(Hearing.objects.get().pk)

    def _objection(self, act: str) -> int:
        """张三 objects to what was posted; ``appeal`` follows the village's no. 李委员 alone has signed the sheet."""
        self.desk.record("litter")
        sheet, li = self.desk.sheet(), Actor.of(self.desk.li)
        reviews.decide_rest(review=sheet, by=li)
        reviews.sign(review=sheet, role=self.desk.seat(self.desk.li), by=li)
        filings.answer(filing=reviews.close(review=sheet, by=li), accept=True, by=Actor.of(self.desk.officer))
        posting.post_review(review=sheet, by=SYSTEM)
        if act == "create":
            return 0
        by = Actor.of(self.people["concerned"])
        made: Objection = objections.raise_objection(
            household=self.desk.zhang, posting=Posting.objects.get(), text="那天我在外地。", by=by
        )
        if act == "appeal":
            answers.answer(objection=made, **FINDING, by=Actor.of(self.desk.wu))
        return int(made.pk)

    def _year(self, operation: str) -> int:
        """Last year, lived through; another officer has said the first word where the second is asked for."""
        years.open_year(number=LAST, by=SYSTEM)
        self.desk.record("trees", facts={"quantity": "2"}, happened_on=date(LAST, 11, 5))
        self.desk.post(date(LAST, 11, 1))
        hang(self.desk.village)
        if "confirmation" in operation or operation.endswith(":delete"):
            close_year.propose(number=LAST, by=Actor.of(self.cast.officer("钱经办")))
        if "reopening" in operation:
            seal(scoring.year(LAST))
        return LAST
