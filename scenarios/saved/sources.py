"""The files that a scenario is read from, with their bytes, laid out so that they find one another in a new place."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...sim.errors import ScenarioRefused
from ..layers import Layers, merged, written_out
from ..library import PREFIX, folder
from ..lookup import entries, sub, text_at
from ..problems import Problems
from ..spec import Segment

OWN, OURS = "plan", "library"
"""Folders of a copy: the planner's files, and those of the library."""


@dataclass(frozen=True)
class Sources:
    """scenario: the scenario's place in the copy.  profile: of the profile that was put under it, library:NAME for one
    of the library, None for none.  data: the bytes of each file by its place, in the order of places."""

    scenario: str
    profile: str | None
    data: Mapping[str, bytes]


def sources(path: Path, profile: Path | None) -> Sources:
    """The scenario at `path`, what it extends, its profile and its tables of releases. It is one that loads.

    Files keep their places beside one another, so that relative names lead from copy to copy. Raises ScenarioRefused
    when a file is gone since.
    """
    found = gathered([path], profile)
    return Sources(found.places[path], under(profile, found), found.data)


@dataclass(frozen=True)
class Gathered:
    """places: in the copy, by the name of the file as it was found.  data: the bytes of each file by its place, in the
    order of places."""

    places: Mapping[Path, str]
    data: Mapping[str, bytes]


def gathered(scenarios: Sequence[Path], profile: Path | None, others: Sequence[Path] = ()) -> Gathered:
    """All files that scenarios with a profile under them are read from, and others; of a folder, all files in it.

    Raises ScenarioRefused as `load` does, and where a file cannot be read.
    """
    typed = [] if profile is None or str(profile).startswith(PREFIX) else [profile]
    named = [*typed, *others, *(one for path in others if path.is_dir() for one in sorted(path.rglob("*")))]
    for path in scenarios:
        problems = Problems()
        layers = merged(path, profile, problems)
        problems.stop()
        assert layers is not None
        named += [path, *(Path(name) for name in problems.files), *_tables(layers)]
    real = {one: one.resolve() for one in named}
    library = folder().resolve()
    files = [one for one in dict.fromkeys(real.values()) if not one.is_dir()]
    own = [one for one in files if library not in one.parents]
    top = Path(os.path.commonpath([one.parent for one in own])) if own else library

    def place(one: Path) -> str:
        ours = library in one.parents
        below = one.relative_to(library if ours else top).as_posix()
        return f"{OURS if ours else OWN}/{below}"

    try:
        data = {place(one): one.read_bytes() for one in files}
    except OSError as error:
        raise ScenarioRefused(
            f"{error.filename}: {error.strerror}. A run is saved with all files it rests on."
        ) from error
    return Gathered({one: place(path) for one, path in real.items()}, dict(sorted(data.items())))


def under(profile: Path | None, found: Gathered) -> str | None:
    """How a profile is named in the copy."""
    if profile is None or str(profile).startswith(PREFIX):
        return None if profile is None else str(profile)
    return found.places[profile]


def _tables(layers: Layers) -> list[Path]:
    """Tables of releases that segments name, relative to the file in which the name stands."""
    found = []
    for segment in entries(sub(layers.root, "work")).values():
        said = sub(segment, "releases")
        node = None if said is None else sub(written_out(said, Segment, "releases"), "csv")
        text = text_at(node)
        if node is not None and text is not None:
            found.append(Path(node.mark.file).parent / text)
    return found
