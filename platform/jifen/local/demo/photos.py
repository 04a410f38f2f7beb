"""Photographs for the demo: drawn scenes, each one different, as a phone would send them (JPEG, some 40 kB)."""

import io
import random

from PIL import Image, ImageDraw

SIZE = (960, 720)


def photo(seed: str) -> bytes:
    """A JPEG of a village scene: sky, hills, a house or two, trees, a yard. The same seed gives the same bytes."""
    draw_from = random.Random(seed)
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    _sky(draw, draw_from)
    _hills(draw, draw_from)
    for _ in range(draw_from.randint(1, 3)):
        _house(draw, draw_from)
    for _ in range(draw_from.randint(2, 7)):
        _tree(draw, draw_from)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=78)
    return out.getvalue()


def _sky(draw: ImageDraw.ImageDraw, source: random.Random) -> None:
    tint = source.randint(-20, 20)
    for y in range(0, SIZE[1], 4):
        shade = y * 90 // SIZE[1]
        draw.rectangle((0, y, SIZE[0], y + 4), fill=(140 + tint + shade, 185 + shade // 2, 225))


def _hills(draw: ImageDraw.ImageDraw, source: random.Random) -> None:
    for level, colour in ((330, (126, 160, 130)), (400, (98, 140, 92)), (470, (150, 140, 105))):
        points = [(x, level + source.randint(-45, 45)) for x in range(0, SIZE[0] + 120, 120)]
        draw.polygon([*points, (SIZE[0], SIZE[1]), (0, SIZE[1])], fill=colour)


def _house(draw: ImageDraw.ImageDraw, source: random.Random) -> None:
    x, y, w = source.randint(40, 720), source.randint(420, 500), source.randint(130, 230)
    wall = source.choice([(238, 232, 220), (225, 214, 196), (244, 240, 235)])
    draw.rectangle((x, y, x + w, y + 120), fill=wall, outline=(120, 110, 100), width=2)
    draw.polygon([(x - 16, y), (x + w + 16, y), (x + w - 20, y - 55), (x + 20, y - 55)], fill=(92, 84, 88))
    draw.rectangle((x + w // 2 - 18, y + 50, x + w // 2 + 18, y + 120), fill=(130, 60, 48))
    for offset in (22, w - 58):
        draw.rectangle((x + offset, y + 30, x + offset + 36, y + 66), fill=(120, 150, 170), outline=(80, 80, 80))


def _tree(draw: ImageDraw.ImageDraw, source: random.Random) -> None:
    x, y, r = source.randint(20, 940), source.randint(480, 640), source.randint(26, 62)
    draw.rectangle((x - 5, y, x + 5, y + r), fill=(110, 82, 56))
    green = (40 + source.randint(0, 50), 105 + source.randint(0, 45), 50)
    draw.ellipse((x - r, y - r * 2 + 10, x + r, y + 10), fill=green)
