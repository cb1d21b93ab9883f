"""A folder with a manifest: written all at once, found by its name, and held against its digests when it is read."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ...sim.errors import DataRefused
from ...sim.files import plain_name, write_text
from ..problems import guess, listed, quoted
from .manifest import sha256

MANIFEST, WHEN, FILES = "manifest.json", "when.json", "files"

LONGEST = 40
"""Characters of a scenario's name in a folder's."""


@dataclass(frozen=True)
class Bundle:
    """What runs and answers in folders have."""

    folder: Path

    @property
    def name(self) -> str:
        """Of the folder."""
        return self.folder.resolve().name

    @cached_property
    def when(self) -> Mapping[str, str]:
        """created_at (ISO 8601) and command; empty where nobody knows."""
        try:
            told = json.loads((self.folder / WHEN).read_text(encoding="utf-8"))
            return {str(key): str(value) for key, value in told.items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def file(self, place: str) -> Path:
        """The copy of a file."""
        return self.folder / FILES / place


def folder_name(name: str, number: str) -> str:
    """A scenario's or question's name, as far as a folder can have it, and the id of what is in it."""
    return f"{plain_name(name, 'run', LONGEST)}-{number}"


@contextmanager
def writing(folder: Path, contents: Mapping[str, bytes], manifest: str, when: Mapping[str, str]) -> Iterator[Path]:
    """Writes a folder, all of it or nothing: the block is given it under another name, and may refuse it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".saving-", dir=folder.parent) as place:
        part = Path(place) / folder.name
        for name, data in contents.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        write_text(part / WHEN, json.dumps(dict(when), indent=2, ensure_ascii=False) + "\n")
        write_text(part / MANIFEST, manifest)
        yield part
        os.replace(part, folder)


def manifest_text(path: Path) -> str:
    """The manifest of a folder. Raises DataRefused where it has none."""
    try:
        return (path / MANIFEST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        rule = f"is no run's folder: its {MANIFEST} cannot be read"
        raise DataRefused(f"{path}: {rule}. Name a folder that `labelcast run --save` wrote.") from error


def check_bytes(path: Path, outputs: Mapping[str, str], files: Mapping[str, str], must: Collection[str]) -> None:
    """Raises DataRefused with every file whose bytes are not those that were written. outputs, files: SHA-256 by name.
    must: without which nothing is whole."""
    lacks = sorted(set(must) - set(outputs))
    problems = [
        f"{path / name}: its manifest does not tell of this file, without which no run is whole." for name in lacks
    ]
    for name, told in {**outputs, **{f"{FILES}/{name}": one for name, one in files.items()}}.items():
        try:
            found = sha256((path / name).read_bytes())
        except OSError as error:
            problems.append(f"{path / name}: is told of in {MANIFEST}, but cannot be read: {error.strerror}.")
            continue
        if found != told:
            problems.append(
                f"{path / name}: damaged or changed: its SHA-256 is {found[:12]}, not {told[:12]} as written."
            )
    if problems:
        raise DataRefused([*problems, "Take it from a copy, or run the scenario again with --save."])


def folders(root: Path) -> list[Path]:
    """The folders below one that have a manifest, by name."""
    return sorted(one.parent for one in root.glob(f"*/{MANIFEST}"))


def run_named(named: str, root: Path) -> Path:
    """The folder of a run or an answer: its path, or its name or the beginning of that below `root`. Raises
    DataRefused."""
    if (Path(named) / MANIFEST).is_file() or "/" in named:
        return Path(named)
    there = [one.name for one in folders(root)]
    fits = [one for one in there if one == named] or [one for one in there if one.startswith(named)]
    if len(fits) == 1:
        return root / fits[0]
    if fits:
        raise DataRefused(f"{named}: {len(fits)} runs begin like this: {listed(fits)}. Write more of the name.")
    known = f"there are: {listed(there)}" if there else "none is saved there; `labelcast run PLAN --save FOLDER` does"
    raise DataRefused(f"No run is named {quoted(named)} in {root} ({known}).{guess(named, there)}")
