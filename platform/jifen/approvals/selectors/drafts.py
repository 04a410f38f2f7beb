"""What a town's administrators are working on, or else the flow in force."""

from dataclasses import dataclass

from jifen.approvals import catalog, registry
from jifen.approvals.definition import Definition, parse
from jifen.approvals.errors import SubjectUnknown
from jifen.approvals.models import Activation, Flow, FlowDraft
from jifen.approvals.registry import SubjectKind
from jifen.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Draft:
    """``version`` is the one it started from, 0 for none; ``kept`` holds it until it is saved."""

    kind: SubjectKind
    definition: Definition
    version: int
    kept: FlowDraft | None

    @property
    def is_changed(self) -> bool:
        return self.kept is not None

    @property
    def revision(self) -> int:
        return self.kept.revision if self.kept else 0


def kind_of(code: str) -> SubjectKind:
    """Raises:
    NotFound: no room has registered it.
    """
    try:
        return registry.subject(code)
    except SubjectUnknown as unknown:
        raise NotFound from unknown


def in_force(code: str) -> Flow | None:
    """The version that new items start on; ``None`` when the town has chosen none."""
    newest = Activation.objects.filter(subject_kind=code).select_related("flow").order_by("-id").first()
    return newest.flow if newest else None


def standard(kind: SubjectKind) -> Definition:
    """What the kind runs on as long as the town has installed nothing."""
    flows = catalog.for_kind(kind.kind)
    return kind.standard() or (flows[-1][1] if flows else _plainest())


def load(code: str) -> Draft:
    """What is not saved yet, or else the version in force."""
    kind = kind_of(code)
    kept = FlowDraft.objects.filter(subject_kind=code).first()
    if kept is not None:
        return Draft(kind, parse(kept.steps), kept.base, kept)
    flow = in_force(code)
    return Draft(kind, flow.definition if flow else standard(kind), flow.version if flow else 0, None)


def _plainest() -> Definition:
    return parse([{"name": "镇级办公室办理", "who": {"role": "town_officer"}}])
