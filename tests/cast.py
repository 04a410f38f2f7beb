"""People and places of a small village, with names one can remember.

cast.household(name="张三")          a household of 石岭岗村 that joined on 1 January 2025
cast.steward()  cast.committee()     王管理, 李委员: accounts with their role in 石岭岗村, each of an own household
cast.officer()  cast.admin()         陈经办, 周主任: accounts of the town office
"""

import itertools
from datetime import date

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole, User
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.identity import check_digit
from tenants.community.models import Application, ApplicationState, Group, Household, Resident, Role, Village
from tenants.community.services import households, people, roles, villages

SINCE = date(2025, 1, 1)

_numbers = itertools.count(1)


def id_number(born: date = date(1970, 5, 20), *, female: bool = False) -> str:
    """One that nobody of this run has had, with a true check digit."""
    area, place = divmod(next(_numbers), 499)
    first17 = f"{310115 + area}{born:%Y%m%d}{2 * place + (0 if female else 1):03d}"
    return first17 + check_digit(first17)


def head_of(household: Household) -> Resident:
    assert household.head is not None
    return household.head


def actor(user: User) -> Actor:
    return Actor.of(user)


class Cast:
    """Each call makes one; what is not said is chosen."""

    def village(self, name: str = "石岭岗村") -> Village:
        found = Village.objects.filter(name=name).first()
        return found or villages.add(code=f"3101151{next(_numbers):05d}", name=name, by=SYSTEM)

    def group(self, village: Village | None = None, number: int = 1) -> Group:
        return villages.add_group(village=village or self.village(), number=number, by=SYSTEM)

    def household(
        self, village: Village | None = None, *, name: str = "张三", number: str = "", joined: bool = True
    ) -> Household:
        """Headed by ``name``, living there since 2000; joined on 1 January 2025 unless ``joined`` is false.

        Its own ``number`` comes first and is never found by one that a test has chosen.
        """
        place = village or self.village()
        household = households.register(
            number=number or f"0000{next(_numbers):05d}", village=place, group=self.group(place), head_name=name,
            head_id_number=id_number(), resident_since=date(2000, 1, 1), by=SYSTEM,
        )  # fmt: skip
        if joined:
            self.join(household)
        return household

    def join(self, household: Household, on: date = SINCE) -> Application:
        return Application.objects.create(
            household=household, applicant=head_of(household), applied_on=on, joined_on=on, ground="常住",
            state=ApplicationState.JOINED, **SYSTEM.columns(),
        )  # fmt: skip

    def member(
        self, household: Household, name: str = "张小花", *, relation: str = "女", born: date = date(1998, 3, 8)
    ) -> Resident:
        """One more person of the household, since 2000 or her birth."""
        return households.add_member(
            household=household, name=name, relation=relation, id_number=id_number(born, female=True),
            from_date=max(born, date(2000, 1, 1)), by=SYSTEM,
        ).resident  # fmt: skip

    def account(self, resident: Resident, username: str = "") -> User:
        """Her own account; nobody can sign in to it with a password."""
        name = username or f"u{next(_numbers)}"
        return people.give_account(resident=resident, username=name, password=None, by=SYSTEM)

    def villager(self, household: Household) -> User:
        """The account of the household's head."""
        return self.account(head_of(household))

    def holder(self, name: str, role: Role, village: Village | None = None, seat: str = "") -> User:
        """``name``, head of a household of her own in the village, with ``role`` there since 1 January 2025."""
        place = village or self.village()
        user = self.villager(self.household(place, name=name))
        group = self.group(place) if role == Role.GROUP_LEADER else None
        roles.appoint(user=user, village=place, role=role, seat=seat, group=group, from_date=SINCE, by=SYSTEM)
        return user

    def steward(self, village: Village | None = None, name: str = "王管理") -> User:
        return self.holder(name, Role.STEWARD, village)

    def committee(self, village: Village | None = None, name: str = "李委员", seat: str = "村两委干部") -> User:
        return self.holder(name, Role.COMMITTEE, village, seat)

    def supervisor(self, village: Village | None = None, name: str = "赵监督") -> User:
        return self.holder(name, Role.SUPERVISOR, village)

    def officer(self, name: str = "陈经办") -> User:
        return self._office(name, SiteRole.TOWN_OFFICER)

    def admin(self, name: str = "周主任") -> User:
        return self._office(name, SiteRole.TOWN_ADMIN)

    def _office(self, name: str, role: SiteRole) -> User:
        user = accounts.create(username=f"u{next(_numbers)}", display_name=name, password=None, by=SYSTEM)
        accounts.grant_role(user=user, role=role, from_date=SINCE, by=SYSTEM)
        return user
