"""What a message can be about: rooms register their kinds, so that a digest can name them without naming anybody."""

_labels: dict[str, str] = {}


def register(kind: str, label: str) -> None:
    """``label`` is what a digest calls messages of ``kind``: “待办审批”."""
    _labels[kind] = label


def label(kind: str) -> str:
    return _labels.get(kind, "通知")
