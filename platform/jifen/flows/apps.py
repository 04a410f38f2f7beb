from django.apps import AppConfig

from jifen.web import nav


class FlowsConfig(AppConfig):
    name = "jifen.flows"
    label = "flows"
    verbose_name = "流程"

    def ready(self) -> None:
        from jifen.flows import subjects  # noqa: PLC0415 - rooms are ready only now
        from reporting.district.permissions import DistrictPermission  # noqa: PLC0415 - rooms are ready only now
        from scoring.permissions import ScoringPermission  # noqa: PLC0415 - rooms are ready only now
        from scoring.rules import library  # noqa: PLC0415 - as above
        from tenants import selectors  # noqa: PLC0415 - as above
        from tenants.community.permissions import CommunityPermission  # noqa: PLC0415 - as above

        subjects.register()
        selectors.register_scheme_titles(lambda code: library.load(code).title if code in library.available() else "")
        nav.register("", nav.Entry("首页", "flows:home", "home", 10))
        nav.register("village", nav.Entry("工作台", "flows:village", "dashboard", 1, CommunityPermission.READ))
        nav.register(
            "village",
            nav.Entry("清零提醒", "flows:expiring", "hourglass", 40, ScoringPermission.RECORD, group=nav.YEARLY),
        )
        nav.register("office", nav.Entry("工作台", "flows:office", "dashboard", 1, ScoringPermission.FILE))
        nav.register("district", nav.Entry("超期未办", "calendar:district", "clock", 20, DistrictPermission.READ))
        nav.register(
            "district", nav.Entry("全年日历", "calendar:district_year", "calendar-event", 21, DistrictPermission.READ)
        )
        nav.register(
            "village",
            nav.Entry("日历", "calendar:village", "calendar-event", 70, CommunityPermission.READ, group=nav.YEARLY),
        )
        nav.register(
            "office",
            nav.Entry("日历", "calendar:year", "calendar-event", 70, CommunityPermission.READ, group=nav.YEARLY),
        )
        nav.register(
            "office",
            nav.Entry(
                "工作移交", "flows:hand_overs", "arrows-exchange", 66, CommunityPermission.MANAGE_TOWN, group=nav.ROSTER
            ),
        )
        nav.register(
            "office",
            nav.Entry("积分年度", "flows:years", "calendar", 80, ScoringPermission.CLOSE_YEAR, group=nav.YEARLY),
        )
