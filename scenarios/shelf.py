"""What a profile says of itself: where it comes from, how much it rests on, and the values that a scenario inherits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .layers import profile_tree
from .library import ENDING, profiles
from .lookup import sub, text_at
from .nodes import Listing, Node
from .nodes import Mapping as Tree
from .problems import Problems


@dataclass(frozen=True)
class Known:
    """A fitted number. low, high: its 95% interval, None where there is none.  n: on how many it rests.  unit, method:
    as the fit tells them."""

    value: float
    low: float | None
    high: float | None
    n: int | None
    unit: str = ""
    method: str = ""


@dataclass(frozen=True)
class Source:
    """A file that a profile was fitted to. sha256: in hexadecimal.  rows: None where it is not said."""

    name: str
    sha256: str
    rows: int | None


@dataclass(frozen=True)
class Told:
    """A profile, as far as it tells.

    what, source: of a profile of the library, "" of others.  first, last: of the log, ISO 8601, "" for a stand-in.
    labels, items, workers: how many it rests on, None where it does not say.  block: what a scenario inherits.
    fitted: by path.  sources: files that it was fitted to.
    """

    name: str
    what: str
    source: str
    first: str
    last: str
    timezone: str
    labels: int | None
    items: int | None
    workers: int | None
    block: Tree
    fitted: Mapping[str, Known]
    sources: tuple[Source, ...] = ()

    @property
    def stand_in(self) -> bool:
        """Whether it was fitted to nothing."""
        return self.labels is None


def told(path: Path) -> Told:
    """What the profile at `path` tells. Raises ScenarioRefused, by position, where it is none."""
    problems = Problems()
    found = profile_tree(path, None, problems)
    problems.stop()
    assert found is not None
    tree, block = found
    provenance = sub(tree, "provenance")
    counts = sub(provenance, "counts")
    return Told(
        name=path.name.removesuffix(ENDING).removesuffix(".yaml"),
        what=text_at(sub(tree, "about", "what")) or "",
        source=text_at(sub(tree, "about", "source")) or "",
        first=text_at(sub(provenance, "first")) or "",
        last=text_at(sub(provenance, "last")) or "",
        timezone=text_at(sub(provenance, "timezone")) or "",
        labels=_count(sub(provenance, "rows_used")),
        items=_count(sub(counts, "items")),
        workers=_count(sub(counts, "workers")),
        block=block,
        fitted=_fitted(sub(tree, "fitted")),
        sources=tuple(_sources(sub(provenance, "sources"))),
    )


def shelf(place: Path | None = None) -> list[Told]:
    """The profiles of the library, by name. place: of another folder that is laid out like it."""
    return [told(path) for path in profiles(place).values()]


def _count(node: Node | None) -> int | None:
    text = text_at(node)
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _fitted(listing: Node | None) -> dict[str, Known]:
    """By path; what somebody wrote over with no number is left out."""
    found = {}
    for one in listing.items if isinstance(listing, Listing) else []:
        path, value = text_at(sub(one, "path")), _number(sub(one, "value"))
        if path is not None and value is not None:
            low, high = (_number(sub(one, end)) for end in ("low", "high"))
            unit, method = (text_at(sub(one, key)) or "" for key in ("unit", "method"))
            found[path] = Known(value, low, high, _count(sub(one, "n")), unit, method)
    return found


def _sources(listing: Node | None) -> Iterator[Source]:
    for one in listing.items if isinstance(listing, Listing) else []:
        name, sha256 = (text_at(sub(one, key)) or "" for key in ("name", "sha256"))
        yield Source(name, sha256, _count(sub(one, "rows")))


def _number(node: Node | None) -> float | None:
    try:
        value = float(text_at(node) or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
