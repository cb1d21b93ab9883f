"""Pools that a column of the export tells: who is of which, how they differ, and what thin ones borrow."""
