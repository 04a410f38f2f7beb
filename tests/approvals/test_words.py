"""No machine's word of a subject stands on a page."""

import pytest

from jifen.approvals import registry, wording

KINDS = [kind for kind in registry.kinds() if type(kind).__module__.partition(".")[0] != "tests"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_fact_and_every_known_value_has_a_word(kind: registry.SubjectKind) -> None:
    assert set(kind.facts) <= set(wording.FACTS)
    machine_words = {value for values in kind.values.values() for value in values if value.isascii()}
    assert machine_words <= set(wording.VALUES)
