from django.apps import AppConfig


class DistrictConfig(AppConfig):
    name = "reporting.district"
    label = "district"
    verbose_name = "区级数据"

    def ready(self) -> None:
        from jifen.kernel.checks import register_checks  # noqa: PLC0415 - models are ready only now
        from jifen.kernel.permissions import allot  # noqa: PLC0415
        from jifen.outbox import services as outbox  # noqa: PLC0415
        from jifen.web import nav  # noqa: PLC0415
        from reporting.district import handlers, verify  # noqa: PLC0415
        from reporting.district.permissions import DistrictPermission  # noqa: PLC0415

        allot("district", DistrictPermission.READ)
        outbox.register("ledger", handlers.add_ledger)
        outbox.register("village", handlers.replace_village)
        outbox.register("delta", handlers.add_delta)
        register_checks(public=verify.checks)
        nav.register("district", nav.Entry("总览", "district:overview", "chart-bar", 10, DistrictPermission.READ))
