"""What a picture looks like, as 64 bits that survive scaling and saving anew (a difference hash; no Django).

Four of the 64 rows and columns of differences lie in each 16 bits, spread over the whole picture. So two looks that
differ in at most ``NEAR`` bits have at least one of the four parts in common: that is how the database finds them.
"""

import io
from typing import Any

from PIL import Image

NEAR = 3
"""Bits in which two takes of one photo may differ; 45,000 pairs of different scenes differed in 4 or more."""
LEAST = 4
"""A picture with fewer edges (a blank wall, a black screen) looks like any other blank one and says nothing."""
_SIDE = 8


def of(body: bytes) -> int | None:
    """The look of a picture that was checked before, as a signed 64-bit number; None of one that shows nothing."""
    with Image.open(io.BytesIO(body)) as picture:
        picture.draft("L", (_SIDE * 9, _SIDE * 8))
        return _look(picture.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.BOX))


def _look(small: Any) -> int | None:
    grey = small.tobytes()
    places = [row * (_SIDE + 1) + column for column in range(_SIDE) for row in range(_SIDE)]
    bits = "".join("1" if grey[place] > grey[place + 1] else "0" for place in places)
    if not LEAST <= bits.count("1") <= len(bits) - LEAST:
        return None
    found = int(bits, 2)
    return found - (1 << 64) if found >> 63 else found
