"""Runs in folders: what each was run from, what came out, and whether it comes out again."""

from .again import Again, again
from .folder import Saved, opened, origin_of, run_named, runs_in, save
from .manifest import Asked, Manifest, differences
from .sources import Sources, sources

__all__ = [
    "Again",
    "Asked",
    "Manifest",
    "Saved",
    "Sources",
    "again",
    "differences",
    "opened",
    "origin_of",
    "run_named",
    "runs_in",
    "save",
    "sources",
]
