"""A photo is known again however it was saved."""

import io

import pytest
from PIL import Image

from jifen.files import looks, services
from jifen.kernel.actors import SYSTEM
from tenants.models import Town
from tests.files.scenes import scene


def apart(one: bytes, other: bytes) -> int:
    first, second = looks.of(one), looks.of(other)
    assert first is not None and second is not None
    return ((first ^ second) & (2**64 - 1)).bit_count()


@pytest.mark.parametrize("seed", range(20))
def test_a_photo_saved_smaller_and_coarser_looks_alike(seed: int) -> None:
    assert apart(scene(seed), scene(seed, (320, 240), 40)) <= looks.NEAR


def test_different_scenes_look_different() -> None:
    assert all(apart(scene(0), scene(seed)) > looks.NEAR for seed in range(1, 40))


def test_a_blank_picture_looks_like_nothing() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "black").save(out, "PNG")
    assert looks.of(out.getvalue()) is None


def test_the_look_is_kept_for_pictures_alone(town: Town) -> None:
    photo = services.store(kind="evidence", name="a.jpg", content_type="image/jpeg", body=scene(1), by=SYSTEM)
    paper = services.store(kind="notice", name="a.pdf", content_type="application/pdf", body=b"%PDF-", by=SYSTEM)
    photo.refresh_from_db()
    assert (photo.look, paper.look) == (looks.of(scene(1)), None)
