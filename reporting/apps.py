from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    label = "reporting"
    verbose_name = "公示与报告"

    def ready(self) -> None:
        from jifen.inbox import kinds  # noqa: PLC0415 - models are ready only now
        from jifen.kernel.checks import register_checks  # noqa: PLC0415
        from reporting import roles, subjects, trial, verify  # noqa: PLC0415
        from reporting.selectors import in_hand, objections  # noqa: PLC0415
        from reporting.services import differences, telling  # noqa: PLC0415
        from reporting.web import menu  # noqa: PLC0415
        from scoring import ports  # noqa: PLC0415
        from tenants.community.in_hand import register  # noqa: PLC0415

        roles.allot_permissions()
        menu.register()
        subjects.register()
        register(in_hand.work_of)
        kinds.register(telling.KIND, "异议")
        kinds.register(telling.NOTICE, "公示")
        ports.register_objection_source(objections.pending_declarations)
        ports.register_asked_source(objections.asked)
        ports.register_list_rules(trial.list_rules)
        ports.register_correction_listener(differences.corrected)
        register_checks(town=verify.checks)
