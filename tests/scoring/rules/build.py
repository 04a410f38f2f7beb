"""Rules made up for tests."""

from typing import Any

from scoring.rules.spec import RuleSpec


def rule(**changes: Any) -> RuleSpec:
    """A positive rule of two points, with ``changes``."""
    return RuleSpec.model_validate(
        {
            "code": "md-03",
            "sign": "positive",
            "category": "美丽建设",
            "matter": "植树",
            "title": "植树",
            "text": "参与植树",
            "amount": {"kind": "fixed", "points": 2, "per": "次"},
            "source": {"section": "测试"},
            **changes,
        }
    )
