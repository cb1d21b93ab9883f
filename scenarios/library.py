"""The scenarios and the profiles that come with labelcast."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from .problems import guess, listed, quoted

NAMES = ("in-house", "vendor", "mixed", "common-model")

PREFIX = "library:"
"""Before the name of a scenario or a profile of the library, where a scenario or a command names one."""

ENDING = ".profile.yaml"


def folder() -> Path:
    """Where the library stands."""
    return Path(str(resources.files(__package__))) / "library"


def scenarios() -> dict[str, Path]:
    """Path of each scenario of the library, by name."""
    return {name: folder() / f"{name}.yaml" for name in NAMES}


def profiles(place: Path | None = None) -> dict[str, Path]:
    """Path of each profile of the library, by name. place: of another folder that is laid out like the library."""
    root = place or folder()
    found = sorted([*root.glob(f"*{ENDING}"), *(root / "profiles").glob(f"*{ENDING}")])
    return {path.name.removesuffix(ENDING): path for path in found}


def scenario_path(named: str, beside: Path) -> Path:
    """The file of a scenario that is named as `library:NAME`, or by its path from `beside`.

    Raises ValueError, in the planner's words, where the library has none of that name.
    """
    if not named.startswith(PREFIX):
        return beside / named
    return _of_library("scenario", named, scenarios())


def profile_path(named: str, beside: Path) -> Path:
    """The file of a profile that is named as `library:NAME`, or by its path from `beside`.

    Raises ValueError, in the planner's words, where the library has none of that name.
    """
    if not named.startswith(PREFIX):
        return beside / named
    return _of_library("profile", named, profiles())


def _of_library(what: str, named: str, known: dict[str, Path]) -> Path:
    name = named.removeprefix(PREFIX).strip()
    if name not in known:
        there = f"there are: {listed(known)}"
        raise ValueError(f"no {what} of the library is named {quoted(name)} ({there}).{guess(name, known)}")
    return known[name]
