"""What other rooms ask of this one."""

from reporting.selectors.objections import unanswered as unanswered_objections

__all__ = ["unanswered_objections"]
