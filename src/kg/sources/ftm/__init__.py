"""Entities in the FollowTheMoney model."""
