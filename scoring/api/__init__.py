"""The REST face of scoring on a town's site."""
