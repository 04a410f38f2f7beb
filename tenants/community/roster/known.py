"""What of a roster is on file already, found by four queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from jifen.kernel import clock
from jifen.kernel.fields import blind_index
from tenants.community.models import Household, HouseholdMember, Resident
from tenants.community.roster.lines import Checked, Line
from tenants.community.selectors import in_force


@dataclass(slots=True)
class Known:
    """``homes``: blind index of an ID number -> household number; ``names``: (household number, name); ``strays``:
    people by blind index who are on file but belong to no household today."""

    households: dict[str, Household]
    homes: dict[str, str]
    names: set[tuple[str, str]]
    strays: dict[str, Resident]

    @classmethod
    def of(cls, families: Mapping[str, list[Line]]) -> Self:
        households = Household.objects.filter(number__in=list(families)).select_related("village", "group")
        indexes = [index(line) for family in families.values() for line in family if line.id_number]
        rows = HouseholdMember.objects.filter(in_force(clock.today()))
        homes = rows.filter(resident__id_number_index__in=indexes)
        strays = Resident.objects.filter(id_number_index__in=indexes).exclude(memberships__in=homes)
        names = rows.filter(household__number__in=list(families))
        return cls(
            {household.number: household for household in households},
            dict(homes.values_list("resident__id_number_index", "household__number")),
            set(names.values_list("household__number", "resident__name")),
            {resident.id_number_index: resident for resident in strays},
        )

    def has(self, line: Line) -> bool:
        """Whether the person is on file: by ID number, else by name in her household."""
        if line.id_number and index(line) in self.homes:
            return True
        return (line.number, line.name) in self.names

    def stray(self, line: Line) -> Resident | None:
        return self.strays.get(index(line)) if line.id_number else None

    def settle(self, checked: Checked) -> None:
        """Refuse lines that contradict what is on file, and new households without a head."""
        for number, family in checked.households.items():
            elsewhere = [line for line in family if self._home(line) not in (None, number)]
            for line in elsewhere:
                home = self._home(line)
                checked.refuse([line], "身份证号", line.id_number, f"此人已登记在{home}户，请核对")
            kept = [line for line in family if line not in elsewhere]
            checked.households[number] = self._placed(number, kept, checked)
        checked.households = {number: family for number, family in checked.households.items() if family}

    def hold_back(self, checked: Checked) -> None:
        """Refuse new people of households that are on file: a flow decides on them, one by one."""
        for number in self.households.keys() & checked.households.keys():
            family = checked.households[number]
            new = [line for line in family if not self.has(line)]
            checked.refuse(new, "户号", number, f"{number}户已经建档，新增的人要经审批：请在这一户的页面“添加成员”")
            checked.households[number] = [line for line in family if line not in new]

    def _placed(self, number: str, family: list[Line], checked: Checked) -> list[Line]:
        household = self.households.get(number)
        if household is None and not any(line.is_head for line in family):
            checked.refuse(family, "与户主关系", "", f"{number}户没有户主，或户主那一行有错")
            return []
        if household is not None and any(line.village != household.village.name for line in family):
            checked.refuse(family, "户号", number, f"这个户号已属于{household.village.name}")
            return []
        return family

    def _home(self, line: Line) -> str | None:
        return self.homes.get(index(line)) if line.id_number else None


def index(line: Line) -> str:
    return blind_index(Resident, "id_number", line.id_number)
