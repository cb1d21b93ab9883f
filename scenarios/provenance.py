"""Where the values of a scenario come from: what its files say and where, and what its profile knows of the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .layers import merged
from .leaves import leaves, long_path
from .nodes import Listing, Node, Scalar
from .problems import Problems
from .shelf import Told, told

LONGEST = 120
"""Characters of a written list that are told."""


@dataclass(frozen=True)
class Written:
    """path: as the file has it, without what a short form leaves out.  text: as it says it.  where: file and line."""

    path: str
    text: str
    where: str


@dataclass(frozen=True)
class Provenance:
    """written: by path, short forms under the key that they stand for.  inherited: the same of what the profile
    says and no file.  profile: what it tells, None without one.  profile_sha256: of its file, in hexadecimal."""

    written: Mapping[str, Written]
    inherited: Mapping[str, Written] = field(default_factory=dict)
    profile: Told | None = None
    profile_sha256: str = ""


def provenance(path: Path, profile: Path | None = None) -> Provenance:
    """Of a scenario that loads. profile: one that takes the place of the file's own."""
    layers = merged(path, profile, Problems())
    assert layers is not None, "the scenario was loaded before"
    written, inherited = dict[str, Written](), dict[str, Written]()
    for steps, node in leaves(layers.root):
        ours = bool(layers.profile) and node.mark.file == layers.profile
        where = f"{Path(node.mark.file).name}:{node.mark.line}"
        one = Written(".".join(steps), _cut(_text(node)), where)
        (inherited if ours else written)[long_path(steps, node)] = one
    if not layers.profile:
        return Provenance(written)
    file = Path(layers.profile)
    return Provenance(written, inherited, told(file), hashlib.sha256(file.read_bytes()).hexdigest())


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _text(node: Node) -> str:
    """A value in YAML's flow style."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return f"[{', '.join(map(_text, node.items))}]"
    return "{" + ", ".join(f"{key}: {_text(one)}" for key, one in node.entries.items()) + "}"
