from django.apps import AppConfig

from jifen.clocks import naming
from jifen.inbox import kinds
from jifen.kernel.checks import register_checks
from scoring import permissions, verify


class ScoringConfig(AppConfig):
    name = "scoring"
    label = "scoring"
    verbose_name = "积分"

    def ready(self) -> None:
        from scoring import (  # noqa: PLC0415 - models are ready only now
            locks,
            menus,
            rulebook_checks,
            subjects,
            verify_awards,
            verify_dividends,
            verify_filings,
            verify_reviews,
        )
        from scoring.selectors import effects  # noqa: PLC0415
        from scoring.selectors.in_hand import work_of  # noqa: PLC0415 - as above
        from scoring.services import rehousing, reviews  # noqa: PLC0415 - as above
        from tenants.community import in_hand, stars  # noqa: PLC0415
        from tenants.community.ports import register_rehoused, register_related, register_sealed  # noqa: PLC0415 - as above

        permissions.allot_all()
        subjects.register()
        register_rehoused(rehousing.rehoused)
        register_related(reviews.stand_back)
        register_sealed(locks.sealed_since)
        rulebook_checks.register()
        register_checks(town=verify.checks)
        register_checks(town=verify_awards.checks)
        register_checks(town=verify_dividends.checks)
        register_checks(town=verify_filings.checks)
        register_checks(town=verify_reviews.checks)
        stars.register(effects.lowered)
        in_hand.register(work_of)
        menus.register()
        kinds.register("rulebook", "积分细则")
        naming.register("review.limit", "月审核超时提醒")
        naming.register("points.lapse", "积分到期")
        naming.register("effect.leave", "按细则退出积分制")
        naming.register("effect.star", "星级降级到期")
        naming.register("rulebook.turn", "细则生效")
        naming.register("rulebook.ends", "细则到期提醒")
        naming.register("rulebook.adapt", "细则修订待村确认")
        naming.register("rulebook.yearly", "年度修订提醒")
