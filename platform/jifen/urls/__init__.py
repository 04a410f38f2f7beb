"""Which address leads where: one table for each town's site, one for the public site."""
