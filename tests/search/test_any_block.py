"""Whatever a `search:` block varies: it is a question, or is refused with a place; never another exception."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

from complete_scenario import COMPLETE, KEYS, example, steps_of
from short_scenario import asked

from labelcast.scenarios.parts import Part
from labelcast.scenarios.search.read import line_of
from labelcast.scenarios.shape import Shape, shape_under
from labelcast.scenarios.spec import Scenario
from labelcast.scenarios.variables import SECTIONS
from labelcast.sim.errors import ScenarioRefused

ODD = ["1..3", "5%..10% by 1%", "[team]", "always", "0", "2 s", "{a: 1..2}", "yes", "2027-02-01", "1 EUR", "~"]


def around(key: tuple[str, ...]) -> type[Part]:
    """The mapping in which a key stands."""
    shape: Shape = Scenario
    for step in key[:-1]:
        shape = shape_under(shape, step)
    assert isinstance(shape, type)
    return shape


VARIED = [
    (".".join(steps_of(key)), example(around(key), key[-1]))
    for key in KEYS
    if key[0] in SECTIONS and len(key) > 2 and "<number>" not in key and key[-1] not in ("list", "<name>")
]
"""Paths of keys, each with its example."""


def problems_of(folder: Path, rows: Sequence[str]) -> tuple[str, ...]:
    """What is wrong with a block; nothing where it is a question, whose first plan is then a line."""
    try:
        question = asked(folder, f"vary: {{{', '.join(rows)}}}", COMPLETE[: COMPLETE.index("search:")])
    except ScenarioRefused as refused:
        return refused.problems
    assert line_of(question, (0,) * len(question.variables)).name == "asked"
    return ()


def test_any_block_is_a_question_or_is_refused_with_a_place(tmp_path: Path) -> None:
    """Examples of any keys of the models, each beside nothing or a value that may fit or not."""
    assert len(VARIED) > 500
    luck = random.Random(11)
    told = []
    for _ in range(30):
        chosen = luck.sample(VARIED, luck.randint(1, 2))
        rows = [f"{path}: [{value}, {luck.choice(['~', luck.choice(ODD)])}]" for path, value in chosen]
        told.append(problems_of(tmp_path, rows))
    assert all(re.match(r".*asked\.yaml:\d+:\d+  \S", problem) for problems in told for problem in problems)
    assert min(told.count(()), len(told) - told.count(())) >= 3
