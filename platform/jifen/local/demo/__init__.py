"""A district that lives one points year, with real components and the clock moved."""
