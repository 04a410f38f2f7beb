"""What rooms tell approvals: their subjects, who holds which role or seat, and who must stand back."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from jifen.approvals import directory
from jifen.approvals.definition import Definition, Who, check_conditions, check_fields, check_roles
from jifen.approvals.errors import ActForbidden, SubjectUnknown
from jifen.approvals.persons import PersonField, Trial
from jifen.approvals.warnings import Concern
from jifen.kernel import cel
from jifen.kernel.actors import Actor

if TYPE_CHECKING:
    from jifen.approvals.models import Flow, Item


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A thing that no item carries; it stays with the version of the flow with which it began until it is moved."""

    id: int
    title: str
    since: date
    version: int
    address: str


@dataclass(frozen=True, slots=True)
class Shift:
    """What a move to another version makes of a thing under way, or why it cannot move.

    ``told``: (what, what becomes of it) in Chinese. ``gains``, ``loses``: the accounts that get a part in deciding it,
    and those that have none any more.
    """

    thing: UnderWay
    told: tuple[tuple[str, str], ...] = ()
    gains: tuple[int, ...] = ()
    loses: tuple[int, ...] = ()
    problem: str = ""

    @property
    def can_move(self) -> bool:
        return not self.problem


class SubjectKind:
    """One kind of thing that goes through approvals; a room subclasses it and registers one instance.

    ``facts`` are what conditions may look at. The effects run in the deciding transaction, ``by`` being the last who
    acted (the system when a time limit did). ``without`` says how a town decides that has installed no flow for it;
    it is empty for what every town decides by a flow.
    """

    kind: ClassVar[str]
    name: ClassVar[str]
    facts: ClassVar[Mapping[str, cel.Kind]] = {}
    values: ClassVar[Mapping[str, Sequence[str]]] = {}
    """What a text fact may hold, where that is known; in people's words by ``wording.VALUES``."""
    without: ClassVar[str] = ""
    persons: ClassVar[Mapping[str, PersonField]] = {}
    """The fields that name people; ``people`` tells who they are."""
    in_place_of_delegation: ClassVar[str] = ""
    """What to do instead, in Chinese, where nobody can be asked to stand in by delegation; empty elsewhere."""
    sent_home: ClassVar[str] = ""
    """Where it goes, in Chinese, when it is sent back to its start and ends there: what comes from there is a new item.
    Empty where it waits for its starter, who hands it in again."""
    one_by_one: ClassVar[str] = ""
    """Why its items are not decided many at once, in Chinese; empty where they may be."""

    def known_values(self) -> Mapping[str, Sequence[str]]:
        """``values``, and what only this town's own data tells."""
        return self.values

    def standard(self) -> Definition | None:
        """The flow of a town that has installed none; without one, starting is refused."""
        return None

    def on_approved(self, item: "Item", by: Actor) -> None:
        """The last step approved."""

    def on_rejected(self, item: "Item", by: Actor) -> None:
        """A step refused; ``selectors.last_reason(item)`` says why."""

    def on_returned(self, item: "Item", by: Actor) -> None:
        """It went back to its starter, who changes it and hands it in again."""

    def on_withdrawn(self, item: "Item", by: Actor) -> None:
        """Its starter took it back, or an administrator ended it: somebody can go on with the subject from here."""

    def bars(self, item: "Item", users: set[int]) -> set[int]:
        """Which of the accounts must stand back from the item (I11)."""
        return set()

    def has_recusal(self) -> bool:
        """Whether anybody ever has to stand back from things of this kind."""
        return type(self).bars is not SubjectKind.bars

    def goes_past(self, item: "Item", users: set[int]) -> set[int]:
        """Which of the accounts must not come by the item at all: not as deciders, nor told, nor asked about it."""
        return set()

    def would_bar(self, facts: Mapping[str, Any], users: set[int]) -> set[int]:
        """As ``bars``, for a thing that does not exist yet: what a test drive can tell from its facts."""
        return set()

    def may_decide(self, item: "Item", users: set[int], *, in_town: bool) -> set[int]:
        """Which of the accounts may be asked beside those whom the flow means, at a step of the town or the village.

        Those with a say in the item's village, and the town's office; of a step of the town the office alone.
        """
        return deciders(users, None if in_town else item.village_id)

    def deciders_cn(self, item: "Item") -> str:
        """Whom to choose when somebody else was chosen, in Chinese."""
        return "请选本村的积分管理员、审核委员、村民小组组长或积分志愿者，镇里办的步骤请选镇级办公室的人"

    def check_word(self, item: "Item", verdict: str, reason: str) -> None:
        """Raises:
        JifenError: what the room asks of every word, at whatever step, before it counts.
        """

    def forbids(self, item: "Item") -> Mapping[str, str]:
        """Which of ``reject``, ``return``, ``withdraw``, ``terminate`` the item does not know, and why, in Chinese.

        No button offers them; a time limit that would do one reminds instead.
        """
        return {}

    def may_withdraw(self, item: "Item", by: Actor) -> bool:
        """Beside the starter. The town's administrators end an item, with a reason (``terminate``)."""
        return False

    def title(self, item: "Item") -> str:
        return f"{self.name}第{item.subject_id}号"

    def address(self, item: "Item") -> str:
        """The path of the subject's page; empty when it has none."""
        return ""

    def own_address(self, item: "Item") -> str:
        """The same for the starter on a villager's pages; empty when there is none for her."""
        return self.address(item)

    def change_address(self, item: "Item") -> str:
        """The page on which the starter mends what was sent back and hands it in again; empty without one."""
        return ""

    def points_range(self, item: "Item") -> tuple[Decimal, Decimal] | None:
        """Least and most points a decider may set; ``None`` when points are not hers to change."""
        return None

    def takes_points(self, item: "Item", points: Decimal) -> bool:
        """Whether points inside ``points_range`` can be given: some rules go in steps."""
        return True

    def people(self, item: "Item", field: str) -> set[int]:
        """The accounts that the subject's ``field`` (one of ``persons``) names; nobody when she has no account."""
        return set()

    def would_name(self, trial: Trial, field: str) -> set[int] | None:
        """As ``people``, for a thing that does not exist yet; ``None``: only the thing itself can tell."""
        return trial.people.get(self.persons[field].like)

    is_guarded: ClassVar[bool] = False
    """Whether ``may_read`` keeps its facts from some who see the item."""

    def may_read(self, item: "Item", user_id: int) -> bool:
        """Whether an account that sees the item also sees its facts and what was said on it."""
        return True

    def refuse(self, definition: Definition) -> None:
        """Raises:
        StepsWrong: a flow of this kind cannot do that.
        """

    def is_of_post(self, item: "Item") -> bool:
        """Whether who started it did so by her post: whoever follows her in it takes it over."""
        return True

    def conceals(self, item: "Item") -> str:
        """The name under which the starter is told when those who decide must not know her; empty for her own."""
        return ""

    def under_way(self) -> Iterable[UnderWay]:
        """What is under way beside the items, decided in the kind's own room."""
        return ()

    def preview_shifts(self, flow: "Flow") -> Sequence[Shift]:
        """What ``shift`` would make of everything under way on other versions; nothing is changed."""
        return ()

    def shift(self, flow: "Flow", by: Actor, only: Collection[int] | None = None) -> Sequence[Shift]:
        """Move what is under way on other versions, of ``only`` (ids) when given; what cannot move stays as it is.

        Raises:
            NotFound: one of ``only`` does not exist.
        """
        return ()

    def concerns(self, definition: Definition) -> Iterable[Concern]:
        """What a flow of this kind would stumble over beside what every flow may."""
        return ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item belongs: what roles and seats are looked up in."""

    village_id: int | None
    group_id: int | None = None


Holders = Callable[[Who, Place], Iterable[int]]
Superiors = Callable[[int, Place], Iterable[int]]
Posts = Callable[[Collection[int]], Iterable[tuple[int, int | None]]]

_kinds: dict[str, SubjectKind] = {}
_holders: list[Holders] = []
_superiors: list[Superiors] = []
_posts: list[Posts] = []


def register(kind: SubjectKind) -> None:
    """Called once for each kind when the room's app is ready."""
    _kinds[kind.kind] = kind


def register_holders(source: Holders) -> None:
    """``source(who, place)`` gives the ids of the accounts that ``who`` (a role, a seat, a leader) means there."""
    if source not in _holders:
        _holders.append(source)


def register_superiors(source: Superiors) -> None:
    """``source(user_id, place)`` gives the accounts that stand above an account."""
    if source not in _superiors:
        _superiors.append(source)


def register_posts(source: Posts) -> None:
    """``source(users)`` gives (account, village) for each post of theirs that decides; no village: the whole town."""
    if source not in _posts:
        _posts.append(source)


def subject(kind: str) -> SubjectKind:
    """Raises:
    SubjectUnknown: no room has registered it.
    """
    if kind not in _kinds:
        raise SubjectUnknown(kind=kind)
    return _kinds[kind]


def kinds() -> list[SubjectKind]:
    """All that rooms have registered, by kind."""
    return [_kinds[kind] for kind in sorted(_kinds)]


ACTS = {"reject": "答“不同意”", "return": "退回", "withdraw": "撤回", "terminate": "终止"}


def allow(item: "Item", act: str) -> None:
    """Raises:
    ActForbidden: the item's room does not know the act.
    """
    kind = subject(item.subject_kind)
    why = kind.forbids(item).get(act)
    if why:
        raise ActForbidden(title=kind.title(item), act=ACTS[act], why=why)


def facts_of(kind: str) -> Mapping[str, cel.Kind]:
    """Empty for a kind that nobody has registered (yet)."""
    return _kinds[kind].facts if kind in _kinds else {}


def persons_of(kind: str) -> Mapping[str, PersonField]:
    """Empty for a kind that nobody has registered (yet)."""
    return _kinds[kind].persons if kind in _kinds else {}


def check(definition: Definition, kind: str) -> None:
    """Raises:
    StepsWrong, ExpressionInvalid: it looks at facts or asks people that the kind does not have, asks roles that there
        are not or that decide nothing, or asks what the kind cannot do.
    """
    check_conditions(definition, facts_of(kind))
    check_roles(definition, directory.roles(), directory.here().watchers())
    if kind in _kinds:
        check_fields(definition, {code: one.name for code, one in persons_of(kind).items()})
        _kinds[kind].refuse(definition)


def standard_of(kind: str) -> Definition | None:
    """The flow of a town that has chosen none; ``None`` for a kind that nobody has registered."""
    return _kinds[kind].standard() if kind in _kinds else None


def holders(who: Who, place: Place) -> set[int]:
    """Ids of the accounts that a role, a seat or a group leader means, the recused among them."""
    return {user_id for source in _holders for user_id in source(who, place)}


def superiors(user_id: int, place: Place) -> set[int]:
    return {one for source in _superiors for one in source(user_id, place)}


def posts(users: Collection[int]) -> set[tuple[int, int | None]]:
    """(account, village) for each post with a say that these accounts hold today; no village: the town's office."""
    return {post for source in _posts for post in source(users)} if users else set()


def deciders(users: Collection[int], village_id: int | None) -> set[int]:
    """Which of the accounts have a say in the village, or in the whole town; without a village in the town alone."""
    return {user for user, village in posts(users) if village in (None, village_id)}


def stored(facts: Mapping[str, Any], kind: SubjectKind) -> dict[str, Any]:
    """The facts of the kind as JSON keeps them; numbers that are not whole as text."""
    values = {name: facts.get(name) for name in kind.facts}
    return {
        name: value if value is None or isinstance(value, bool | int | str) else str(value)
        for name, value in values.items()
    }
