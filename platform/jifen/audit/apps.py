from django.apps import AppConfig

from jifen.kernel.checks import Check, register_checks


class AuditConfig(AppConfig):
    name = "jifen.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        register_checks(town=checks, public=checks)


def checks() -> list[Check]:
    """What `jifen verify` asks of the audit trail of each schema."""
    from jifen.audit import selectors  # noqa: PLC0415 - models are ready only now

    return [
        Check("AUDIT-SEALED", "审计记录在 60 秒内封存", run=selectors.unsealed_count),
        Check("AUDIT-CHAIN", "每个封存都能由记录重新算出", run=lambda: len(selectors.broken_seals())),
    ]
