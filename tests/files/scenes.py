"""Photographs to be told apart: a few grey houses on a hill, drawn from a seed."""

import io
import random

from PIL import Image, ImageDraw


def scene(seed: int, size: tuple[int, int] = (640, 480), quality: int = 85) -> bytes:
    """A JPEG; the same seed gives the same scene in any size and quality."""
    source = random.Random(seed)
    picture = Image.new("L", (640, 480), 230)
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y, side = source.randint(0, 560), source.randint(0, 400), source.randint(60, 160)
        draw.rectangle((x, y, x + side, y + side), fill=source.randint(0, 200))
    out = io.BytesIO()
    picture.resize(size).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()
