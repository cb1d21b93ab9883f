"""Pieces of work that tests hand to processes: here, because a fresh process finds this folder on its path."""

from __future__ import annotations

from pathlib import Path


def noted(folder: Path, number: int) -> int:
    """Leaves a file, and returns."""
    (folder / str(number)).touch()
    return number


def refuses(limit: int, number: int) -> int:
    """The number, as long as it is below a limit."""
    if number >= limit:
        raise ValueError(f"{number} is beyond {limit}")
    return number


def large(size: int, number: int) -> bytes:
    """A result that takes a while to be sent: longer than the pipe that it goes through."""
    return bytes(size)
