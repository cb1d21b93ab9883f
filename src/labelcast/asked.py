"""Which exports a command reads: files that are named, or a project of a server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .sim.errors import ScenarioRefused

SERVERS = ("label-studio",)


@dataclass(frozen=True)
class Asked:
    """files: as they were named.  server: of SERVERS, None for none.  url, token, project: of the server."""

    files: tuple[Path, ...]
    server: str | None
    url: str | None
    token: str | None = field(repr=False)
    project: int | None


@contextmanager
def exports(asked: Asked) -> Iterator[list[Path]]:
    """Paths of the exports, for as long as the block lasts. Raises ScenarioRefused where it is not clear which."""
    if problems := _problems(asked):
        raise ScenarioRefused(problems)
    if asked.server is None:
        yield [*asked.files]
        return
    from .calibration.live import pull

    pulled = pull(asked.url or "", asked.token or "", asked.project)
    with tempfile.TemporaryDirectory(prefix="labelcast-") as folder:
        path = Path(folder) / pulled.name
        path.write_bytes(pulled.data)
        yield [path]


def _problems(asked: Asked) -> list[str]:
    if asked.server is None:
        lost = [f"--{name}" for name in ("url", "project") if getattr(asked, name) is not None]
        found = [f"{name}: belongs to --from label-studio, but that is not said. Say both." for name in lost]
        if not asked.files:
            found.append("No file was given. Name exports of a platform, or a server: --from label-studio --url.")
        return found
    found = []
    if asked.server not in SERVERS:
        found.append(f"--from: no server is named {asked.server[:40]!r}. There is: {', '.join(SERVERS)}.")
    if asked.files:
        found.append(f"{asked.files[0]}: a file and --from are both given, but one fit has one of them. Leave one out.")
    if asked.url is None:
        found.append("--url: is missing: the address of the server, as in http://localhost:8080.")
    return found
