"""Writes the profiles that ship: python -m labelcast.scenarios.ship FOLDER [OUT].

FOLDER holds the sets, a table each, of which library/profiles/sources.yaml says what they are; the sample of the demo
is one of them always. Of a set a profile keeps parameters, each with n, and counts: no item, no worker, no text. That
is checked, and what does not hold is not shipped.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..calibration import sample
from ..calibration.calibrate import calibrate
from ..calibration.fit import Fit
from ..calibration.profile import text
from ..calibration.readers.recognise import read
from ..sim.errors import Refused
from ..sim.files import write_text
from .library import ENDING, folder
from .lookup import entries, text_at
from .problems import Problems
from .text import compose
from .text import read as read_yaml

LONGEST_CLASS = 40
"""Characters of the name of a class; longer ones may be texts of items. Answers of very many kinds are no classes
anyway: readers/answers.py."""

SHORTEST_NAME = 4
"""Characters of a worker's or an item's name that is looked for: `a` or `7` stands in any text."""


@dataclass(frozen=True)
class Shipped:
    """What sources.yaml says of a set."""

    what: str
    source: str
    timezone: str


def sources(path: Path) -> dict[str, Shipped]:
    """What is known of each set, by name. Raises ScenarioRefused where the file cannot be read."""
    problems = Problems()
    tree = compose(read_yaml(path), str(path), problems)
    problems.stop()
    found = {}
    for name, node in entries(tree).items():
        says = {key: text_at(one) or "" for key, one in entries(node).items()}
        found[name] = Shipped(says["what"], says["source"], says.get("timezone", "UTC"))
    return found


def ship(path: Path, about: Shipped) -> str:
    """The profile of the set at `path` as it ships. Raises DataRefused where it cannot be fitted, ValueError where
    something of the set would go with it."""
    fit = _bare(calibrate([path], timezone=about.timezone))
    told = "".join(f"  {key}: {json.dumps(one)}\n" for key, one in (("what", about.what), ("source", about.source)))
    head, first, rest = text(fit).partition("labelcast_profile: 1\n")
    shipped = f"{head}{first}about:\n{told}{rest}"
    if leaks := [*_free_text(fit), *_names(path, shipped)]:
        raise ValueError(" ".join(leaks))
    return shipped


def _bare(fit: Fit) -> Fit:
    """The fit without places of rows, which would name nothing that others have."""
    refused, apart = ([dataclasses.replace(one, first="") for one in book] for book in (fit.refused, fit.set_apart))
    return dataclasses.replace(fit, refused=tuple(refused), set_apart=tuple(apart))


def _free_text(fit: Fit) -> Iterator[str]:
    classes = [name for segment in fit.scenario.get("work", {}).values() for name in segment.get("classes", {})]
    if long := [name for name in classes if len(name) > LONGEST_CLASS]:
        yield f"{len(long)} classes have names of more than {LONGEST_CLASS} characters, which may be texts of items."


def _names(path: Path, shipped: str) -> Iterator[str]:
    """Where a worker or an item of the set is named. Plain numbers are not looked for: a count may be the same."""
    words = set(re.findall(r"[\w-]+", shipped))
    judgements = read([path]).judgements
    for column in ("worker", "item"):
        known = {str(one) for one in judgements[column].unique()}
        there = {
            one for one in known if len(one) >= SHORTEST_NAME and not one.isdigit() and _stands(one, words, shipped)
        }
        if there:
            yield f"{len(there)} names of {column}s stand in it."


def _stands(name: str, words: set[str], shipped: str) -> bool:
    return name in words if re.fullmatch(r"[\w-]+", name) else name in shipped


def ship_all(place: Path, out: Path, known: Mapping[str, Shipped]) -> Iterator[str]:
    """Ships each set of `place` and the sample to `out`; what became of each, a sentence a set."""
    found = [*sorted([*place.glob("*.parquet"), *place.glob("*.csv*")]), sample.PATH]
    paths = {path.name.partition(".")[0]: path for path in found}
    for name, path in paths.items():
        if name not in known:
            yield f"{name}: not shipped: sources.yaml does not say what it is."
            continue
        try:
            write_text(out / f"{name}{ENDING}", ship(path, known[name]))
            yield f"{name}: shipped."
        except (Refused, ValueError) as why:
            yield f"{name}: not shipped: {why}"


def main(words: list[str]) -> None:
    """Ships what stands in the folder that is named."""
    if len(words) not in (1, 2) or not Path(words[0]).is_dir():
        sys.exit("python -m labelcast.scenarios.ship FOLDER [OUT]: FOLDER is where the sets are, OUT the library.")
    out = Path(words[1]) if len(words) == 2 else folder() / "profiles"
    for said in ship_all(Path(words[0]), out, sources(folder() / "profiles" / "sources.yaml")):
        print(said, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
