"""Reads the tables that OpenSanctions and FollowTheMoney export: statements, packs of them, and simple targets."""
