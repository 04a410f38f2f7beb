"""The statements that work on whole months and years."""
