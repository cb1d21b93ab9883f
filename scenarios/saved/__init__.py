"""Runs and answers in folders: what each was made from, what came out, and whether it comes out again."""

from .again import Again, again
from .answered import FILE, PLAN, AnswerManifest, Question, SavedAnswer, opened_answer, opened_any, runs_in, save_answer
from .bundle import run_named
from .folder import Saved, opened, origin_of, save
from .manifest import Asked, Manifest, differences
from .numbered import numbers_of
from .sources import Gathered, Sources, gathered, sources

__all__ = [
    "FILE",
    "PLAN",
    "Again",
    "AnswerManifest",
    "Asked",
    "Gathered",
    "Manifest",
    "Question",
    "Saved",
    "SavedAnswer",
    "Sources",
    "again",
    "differences",
    "gathered",
    "numbers_of",
    "opened",
    "opened_answer",
    "opened_any",
    "origin_of",
    "run_named",
    "runs_in",
    "save",
    "save_answer",
    "sources",
]
