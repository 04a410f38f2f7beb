"""Rules as data and the pure engine that prices a deed. Nothing here knows Django or a database."""
