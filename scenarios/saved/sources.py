"""The files that a scenario is read from, with their bytes, laid out so that they find one another in a new place."""

from __future__ import annotations

import os
from collections.abc import Mapping
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
    problems = Problems()
    layers = merged(path, profile, problems)
    problems.stop()
    assert layers is not None
    named = [Path(name) for name in problems.files] + _tables(layers)
    real = dict.fromkeys(one.resolve() for one in named)
    library = folder().resolve()
    own = [one for one in real if library not in one.parents]
    top = Path(os.path.commonpath([one.parent for one in own])) if own else library

    def place(one: Path) -> str:
        ours = library in one.parents
        below = one.relative_to(library if ours else top).as_posix()
        return f"{OURS if ours else OWN}/{below}"

    try:
        data = {place(one): one.read_bytes() for one in real}
    except OSError as error:
        raise ScenarioRefused(
            f"{error.filename}: {error.strerror}. A run is saved with all files it rests on."
        ) from error
    under = None
    if profile is not None:
        under = str(profile) if str(profile).startswith(PREFIX) else place(profile.resolve())
    return Sources(place(path.resolve()), under, dict(sorted(data.items())))


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
