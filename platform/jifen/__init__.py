"""Jifen: the rural-governance points system (乡村治理积分制) for many townships."""
