"""The plans that a studio can open: those of the library, the file that it was started with, and what was dropped in.

Each has a name for links. What was dropped in is kept as long as the studio runs, the latest of it, and named by what
is in it, so that the same upload is the same plan.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from ...scenarios.library import scenarios
from ...sim.errors import Refused, ScenarioRefused
from .plan import Base
from .uploads import SCENARIO, shown, take

OWN = "file"
"""Name of the file that the studio was started with."""

KEPT = 12
"""Uploads that are kept."""

FIRST = "in-house"
"""The plan of the library that a studio without a file begins with."""


@dataclass(eq=False)
class Shelf:
    """own: the file that the studio was started with, None for none."""

    own: Path | None = None
    names: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _bases: dict[str, Base] = field(default_factory=dict)
    _uploads: OrderedDict[str, Path] = field(default_factory=OrderedDict)
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="labelcast-studio-")))
    _turn: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        if self.own is not None:
            self.names[OWN] = shown(str(self.own))
        self.names.update({name: name for name in scenarios()})

    @property
    def first(self) -> str:
        """The plan to begin with."""
        return OWN if self.own is not None else FIRST

    def base(self, name: str) -> Base:
        """The plan of a name. Raises ScenarioRefused and Infeasible as `load` does, and where there is none of it."""
        with self._turn:
            if name not in self.names:
                rule = "this studio has no such plan. What was dropped into another one must be dropped in again"
                raise ScenarioRefused(f"{name[:80]}: {rule}.")
            if name not in self._bases:
                path = self.own if name == OWN else self._uploads.get(name) or scenarios()[name]
                assert path is not None
                self._bases[name] = Base.of(path)
            return self._bases[name]

    def drop(self, data: bytes, called: str) -> str:
        """Takes an upload; its name. Raises Refused with what is wrong, under the upload's own name."""
        name = f"upload-{hashlib.sha256(shown(called).encode() + data).hexdigest()[:16]}"
        with self._turn:
            if name in self._uploads:
                return name
            folder = self._folder / name
            folder.mkdir()
            try:
                self._uploads[name] = take(data, called, folder)
                self.names[name] = shown(called)
                self.base(name)
            except Refused as refused:
                self._forget(name)
                problems = [one.replace(str(folder / SCENARIO), shown(called)) for one in refused.problems]
                raise type(refused)([one.replace(f"{folder}/", "") for one in problems]) from None
            except BaseException:
                self._forget(name)
                raise
            while len(self._uploads) > KEPT:
                self._forget(next(iter(self._uploads)))
            return name

    def place(self) -> Path:
        """An empty folder, that is gone when the studio ends."""
        return Path(tempfile.mkdtemp(dir=self._folder))

    def told(self, problems: tuple[str, ...]) -> list[str]:
        """Messages without the folders that are ours."""
        return [one.replace(f"{self._folder}/", "") for one in problems]

    def _forget(self, name: str) -> None:
        self._uploads.pop(name, None)
        self.names.pop(name, None)
        self._bases.pop(name, None)
        shutil.rmtree(self._folder / name, ignore_errors=True)
