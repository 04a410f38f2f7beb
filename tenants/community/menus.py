"""Menus of the town office and of a village."""

from jifen.web import nav
from tenants.community.permissions import CommunityPermission as May


def register() -> None:
    for area, order in (("office", 60), ("village", 60)):
        nav.register(
            area,
            nav.Entry("农户", f"community:{area}_households", "home", order, May.READ, group=nav.ROSTER),
            nav.Entry(
                "参与情况", f"community:{area}_participation", "chart-bar", order + 1, May.READ, group=nav.ROSTER
            ),
            nav.Entry(
                "名册导入",
                f"community:{area}_roster",
                "file-spreadsheet",
                order + 2,
                May.MANAGE_ROSTER,
                group=nav.ROSTER,
            ),
            nav.Entry(
                "联系电话", f"community:{area}_contacts", "phone", order + 5, May.MANAGE_ROSTER, group=nav.ROSTER
            ),
            nav.Entry("联户组", f"community:{area}_cells", "home-2", order + 6, May.READ, group=nav.ROSTER),
            nav.Entry("职责与账号", f"community:{area}_roles", "users", order + 3, May.MANAGE_ROSTER, group=nav.ROSTER),
        )
    nav.register(
        "office", nav.Entry("村居", "community:office_villages", "map-pin", 64, May.MANAGE_TOWN, group=nav.ROSTER)
    )
    nav.register(
        "office", nav.Entry("办公室账号", "community:office_accounts", "key", 65, May.MANAGE_TOWN, group=nav.SETTINGS)
    )
