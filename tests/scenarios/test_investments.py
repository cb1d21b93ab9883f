"""Which entries of `changes` are an investment, and the scenario without them."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from short_scenario import changed

from labelcast.scenarios.draws import Draw
from labelcast.scenarios.investments import Investment, chosen, planned
from labelcast.scenarios.load import load
from labelcast.scenarios.unsure import Unsure, unsure
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import digest

ENTRIES = (
    "on: 2027-03-01, why: tool, path: stages.annotate.time, factor: 0.8..0.95, cost: 900 EUR",
    "on: 2027-02-01, path: work.images.difficulty.spread, value: 1.2",
    "on: 2027-03-01, why: tool, dip: {time: 1.2, over: 2 weeks}",
    "on: 2027-02-15, path: stages.review.fraction, value: 10%",
    "on: 2027-02-01, why: other scenes, path: work.images.classes, value: {car: 60%, bus: 40%}",
    "on: 2027-02-01, why: archive, path: work.images.sample, value: 80%, cost: 50 EUR",
)


def scenario(folder: Path, *entries: str) -> Path:
    path = folder / "plan.yaml"
    listing = "changes:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries) if entries else ""
    path.write_text(changed() + listing, encoding="utf-8")
    return path


def test_entries_of_one_why_are_one_investment(tmp_path: Path) -> None:
    """In the order of the file; what only happens to the work is none unless somebody pays for it."""
    found = planned(scenario(tmp_path, *ENTRIES))
    assert found == [
        Investment("tool", (0, 2)),
        Investment("change 2: work.images.difficulty.spread", (1,), asked=False),
        Investment("change 4: stages.review.fraction", (3,)),
        Investment("other scenes", (4,), asked=False),
        Investment("archive", (5,)),
    ]
    assert [one.name for one in chosen(found, None, "f")] == ["tool", "change 4: stages.review.fraction", "archive"]
    for word in ("tool", " tool ", "1", "3"):
        assert chosen(found, word, "f") == found[:1]
    assert chosen(found, "other scenes", "f") == [found[3]]


@pytest.mark.parametrize(
    ("entries", "word", "words"),
    [
        ((), None, "`changes` has no entry"),
        (ENTRIES[1:2], None, "only tells what happens to the work"),
        (ENTRIES, "tol", 'there are: "tool", .* numbers 1 to 6.*Did you mean "tool"'),
        (ENTRIES, "0", "no entry of `changes` has this `why`"),
        (ENTRIES, "7", "no entry of `changes` has this `why`"),
    ],
)
def test_what_is_no_investment_is_refused(
    tmp_path: Path, entries: tuple[str, ...], word: str | None, words: str
) -> None:
    """With what there is."""
    found = planned(scenario(tmp_path, *entries))
    with pytest.raises(ScenarioRefused, match=words):
        chosen(found, word, "plan.yaml")


def test_without_it_the_scenario_is_as_if_never_written(tmp_path: Path) -> None:
    """Whichever entries are taken out, the line is that of a file without them, but for what was written; drawn ones
    too."""
    for out in ((0, 2), (1,), (3, 4), tuple(range(6))):
        rest = [entry for number, entry in enumerate(ENTRIES) if number not in out]
        for draw in (None, Draw(3, 8)):
            without = load(scenario(tmp_path, *ENTRIES), draw=draw, without=out)
            never = load(scenario(tmp_path, *rest), draw=draw)
            assert digest(replace(without, stated=None)) == digest(replace(never, stated=None))


def test_lines_without_it_are_drawn_alike(tmp_path: Path) -> None:
    """Each replication draws the effect; without the tool nothing is left to draw, while another range stays as it was;
    what the lines hang on differs; and they go to another process."""
    other = "on: 2027-04-01, path: stages.review.time, factor: 0.5..1.5"
    path = scenario(tmp_path, ENTRIES[0], other)
    lines, without = Unsure(path, None, 1), Unsure(path, None, 1, without=(0,))
    assert lines.paths == (
        (
            "changes stages.annotate.time 2027-03-01 tool factor",
            "changes stages.review.time 2027-04-01 factor",
        ),
        (),
    )
    assert without.paths[0] == lines.paths[0][1:]
    assert lines.lines.digest != without.lines.digest
    there, here = lines(4), pickle.loads(pickle.dumps(without))(4)
    assert there.epochs[1].stages is not None
    assert here.epochs[0].stages is not None
    assert there.epochs[1].stages[1] == here.epochs[0].stages[1]
    assert lines(4) != lines(5)
    assert lines.deviates(4) == {name: Draw(1, 4).normal(name) for name in lines.paths[0]}
    assert unsure(path, None, 1) is not None
    assert unsure(scenario(tmp_path, ENTRIES[3]), None, 1) is None
