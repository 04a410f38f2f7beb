"""People and places of a small village, with names one can remember."""


class Cast:
    """Each call makes one; what is not said is chosen."""
