"""Loads, syncs, a service, honest and hostile clients and kills, all at once on one store."""
