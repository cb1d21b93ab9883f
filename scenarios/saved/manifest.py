"""The manifest of a run: everything that its numbers hang on, and the digests of what came out.

There is no clock and no path of a machine in it. Equal manifests stand for equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import platform
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from ...sim.errors import DataRefused
from ...sim.stopping import Precision

FORMAT = 1
"""Version of the folder's layout; a reader refuses any other."""

PACKAGES = (
    "labelcast",
    "numpy",
    "numba",
    "scipy",
    "pandas",
    "simpy",
    "holidays",
    "tzdata",
    "pint",
    "pydantic",
    "ruamel.yaml",
)
"""Those whose version can change a number."""


def versions() -> dict[str, str]:
    """Versions here, of packages and of what runs them; zlib packs the replications."""
    found = {name: version(name) for name in PACKAGES}
    return found | {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


@dataclass(frozen=True)
class Asked:
    """What was asked of a run besides its scenario. replications: how many, or how precise."""

    replications: int | Precision
    seed: int
    engine: str
    level: float = 0.95


@dataclass(frozen=True)
class Manifest:
    """name: of the scenario.  scenario, profile: see Sources.  digest: of the line.  files: SHA-256 by place.
    replications: that were run.  outputs: SHA-256 by name."""

    name: str
    scenario: str
    profile: str | None
    digest: str
    files: Mapping[str, str]
    asked: Asked
    replications: int
    versions: Mapping[str, str]
    outputs: Mapping[str, str]

    @property
    def id(self) -> str:
        """Names the run: equal for runs from the same inputs, in the same surroundings."""
        text = json.dumps(self._inputs(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(text.encode())[:12]

    def text(self) -> str:
        """As JSON."""
        told = {"labelcast_run": FORMAT, "id": self.id, **self._inputs()}
        told |= {"replications": self.replications, "outputs": dict(self.outputs)}
        return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def _inputs(self) -> dict[str, Any]:
        wanted = self.asked.replications
        return {
            "name": self.name,
            "scenario": self.scenario,
            "profile": self.profile,
            "digest": self.digest,
            "files": dict(self.files),
            "asked": vars(wanted) if isinstance(wanted, Precision) else wanted,
            "seed": self.asked.seed,
            "engine": self.asked.engine,
            "level": self.asked.level,
            "versions": dict(self.versions),
        }


def manifest_of(text: str, where: str) -> Manifest:
    """The manifest that a text holds. Raises DataRefused, in the planner's words, where it holds none."""
    try:
        told = json.loads(text)
        if told["labelcast_run"] != FORMAT:
            raise ValueError(f"its layout is version {told['labelcast_run']}; this labelcast reads version {FORMAT}")
        wanted = told["asked"]
        asked = Asked(
            Precision(**wanted) if isinstance(wanted, dict) else int(wanted),
            int(told["seed"]),
            str(told["engine"]),
            float(told["level"]),
        )
        found = Manifest(
            name=str(told["name"]),
            scenario=place(told["scenario"]),
            profile=None if told["profile"] is None else str(told["profile"]),
            digest=str(told["digest"]),
            files={place(name): str(digest) for name, digest in told["files"].items()},
            asked=asked,
            replications=int(told["replications"]),
            versions={str(name): str(number) for name, number in told["versions"].items()},
            outputs={str(name): str(digest) for name, digest in told["outputs"].items()},
        )
        if found.id != told["id"]:
            raise ValueError(f"it names the run {told['id']}, but what it says is that of {found.id}")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        mend = "Take it from a copy, or run the scenario again with --save."
        raise DataRefused(f"{where}: not the manifest of a run, or changed by hand ({error}). {mend}") from error
    return found


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """`numpy 2.1.0, now 2.2.0` for each version that is another."""
    names = [name for name in dict.fromkeys([*then, *now]) if then.get(name) != now.get(name)]
    return [f"{name} {then.get(name, 'none')}, now {now.get(name, 'none')}" for name in names]


def sha256(data: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def place(name: object) -> str:
    """A name as a place below the run's folder: a manifest may come from anywhere, and must lead nowhere else."""
    text = str(name)
    if text.startswith("/") or "\\" in text or ":" in text or ".." in text.split("/"):
        raise ValueError(f"the file {text[:60]!r} would lie outside of its folder")
    return text
