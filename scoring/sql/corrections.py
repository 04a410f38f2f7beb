"""One deed posted by itself, in the place of a reversed posting. The caps are those of ``scoring.sql.posting``."""

from scoring.sql.posting import BUCKET, CAPS, USE_CAPS

OPEN_CAPS = f"""
INSERT INTO scoring_capuse ({BUCKET}, used)
SELECT DISTINCT {BUCKET}, 0 FROM ({CAPS} WHERE d.id = %(declaration)s) cap
ORDER BY {BUCKET}
ON CONFLICT ({BUCKET}) DO NOTHING
"""

HELD_CAPS = f"""
SELECT cap.position, use.used FROM ({CAPS} WHERE d.id = %(declaration)s) cap
JOIN scoring_capuse use USING ({BUCKET})
ORDER BY {BUCKET} FOR UPDATE OF use
"""

TAKE_CAPS = USE_CAPS.format(which="p.id = %(posting)s")
"""With ``sign`` 1."""
