"""The pages of scoring: the village's desk, the town office, the resident."""
