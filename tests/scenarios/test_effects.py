"""Effects that are ranges: what counts without drawing, and what is drawn."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path

import pytest
from scipy import stats
from short_scenario import changed, loaded

from labelcast.scenarios.draws import Draw
from labelcast.scenarios.effects import CENTRAL, drawn, effect, is_range, ranges, value
from labelcast.scenarios.layers import merged
from labelcast.scenarios.load import load
from labelcast.scenarios.nodes import Mapping
from labelcast.scenarios.problems import Problems
from labelcast.sim.line import Line

TIME = "on: 2027-03-01, path: stages.annotate.time, factor: 0.8..0.95, why: tool"


def with_changes(*entries: str) -> str:
    return changed() + "changes:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


def tree(folder: Path, *entries: str) -> Mapping:
    path = folder / "tree.yaml"
    path.write_text(with_changes(*entries), encoding="utf-8")
    layers = merged(path, None, Problems())
    assert layers is not None
    return layers.root


def time_of(line: Line) -> float:
    """Seconds of a label after the first change."""
    stages = line.epochs[0].stages
    assert stages is not None
    return stages[0].time.parameters["value"]


@pytest.mark.parametrize(
    ("text", "normal", "expected"),
    [
        ("0.8..1.25", None, "1"),
        ("0.8..0.95", None, f"{math.sqrt(0.8 * 0.95):.9g}"),
        ("0.8 .. 0.95", CENTRAL, "0.95"),
        ("0.8..0.95", -CENTRAL, "0.8"),
        ("1..4", None, "2"),
        ("1..2", None, "1.41421356"),
        ("0.02..50", 4.0, "100"),
        ("0.02..50", -4.0, "0.01"),
        ("0.9", 3.0, "0.9"),
    ],
)
def test_a_factor_is_drawn_on_the_scale_of_its_logarithm(text: str, normal: float | None, expected: str) -> None:
    """Its median is the geometric mean, its ends are 1.96 standard deviations off, and it stays a factor; whole ends do
    not make it whole, and one number is never drawn."""
    assert effect(text, normal) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "normal", "expected"),
    [
        ("20 s..45 s", None, "30 s"),
        ("20..45 s", CENTRAL, "45 s"),
        ("10%..90%", None, "50%"),
        ("0%..30%", None, "15%"),
        ("-0.5..0.3", None, "-0.1"),
        ("4..9", None, "6"),
        ("4.0..9.0", -CENTRAL, "4"),
        ("2..3", None, "2"),
        ("10 tasks..11 tasks", None, "10 tasks"),
        ("1 EUR..2 EUR", None, "1.414214 EUR"),
        ("30 s", 2.0, "30 s"),
        ("09:00-17:00", 2.0, "09:00-17:00"),
    ],
)
def test_a_value_is_drawn_on_the_scale_of_its_kind(text: str, normal: float | None, expected: str) -> None:
    """Percentages by their logit where they have one, numbers above zero by their logarithm, others as they are; whole
    things stay whole, and amounts are whole millionths."""
    assert value(text, normal) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0.95..0.8", "low < high must hold"),
        ("0.9..0.9", "low < high must hold"),
        ("80%..90%", "must be a factor, without a unit"),
        ("0..0.9", "must be at least 0.01"),
        ("0.9..200", "must be at most 100"),
    ],
)
def test_what_is_no_range_of_factors_is_refused(text: str, words: str) -> None:
    """With the rule and what was found."""
    assert is_range(text)
    with pytest.raises(ValueError, match=words):
        effect(text, None)


def test_without_drawing_the_median_counts(tmp_path: Path) -> None:
    """Of a factor and of a value."""
    line = loaded(tmp_path, with_changes(TIME))
    assert time_of(line) == pytest.approx(42 * math.sqrt(0.8 * 0.95), rel=1e-8)
    line = loaded(tmp_path, with_changes("on: 2027-03-01, path: stages.annotate.time, value: 20 s..45 s"))
    assert time_of(line) == pytest.approx(30.0, rel=1e-8)


def test_what_is_drawn_keeps_its_promise(tmp_path: Path) -> None:
    """Of 2,000 draws so many lie within the range, and below its median, as a binomial of 95% and of 50% reaches with
    chance 99.9% each; all of them are different, and the same again."""
    path = tmp_path / "tree.yaml"
    root = tree(tmp_path, TIME)
    found = [_factor(drawn(root, Draw(7, number).normal)) for number in range(2_000)]
    assert len(set(found)) == 2_000
    assert found[5] == _factor(drawn(root, Draw(7, 5).normal))
    inside = sum(0.8 <= one <= 0.95 for one in found)
    below = sum(one < math.sqrt(0.8 * 0.95) for one in found)
    for count, share in ((inside, 0.95), (below, 0.5)):
        assert stats.binom.ppf(0.0005, 2_000, share) <= count <= stats.binom.ppf(0.9995, 2_000, share), count
    assert time_of(load(path, draw=Draw(7, 5))) == pytest.approx(42 * found[5], rel=1e-8)


def _factor(root: Mapping) -> float:
    text = next(iter(_texts(root, "factor")))
    assert not is_range(text)
    return float(text)


def _texts(root: Mapping, key: str) -> list[str]:
    listing = root.entries["changes"]
    return [item.entries[key].text for item in listing.items if key in item.entries]  # type: ignore[union-attr]


def test_other_entries_leave_the_luck_of_one(tmp_path: Path) -> None:
    """An effect is named by its own words: entries before it, and the width of its range, change no deviate; entries
    alike have luck of their own."""
    other = "on: 2027-02-01, path: stages.review.time, factor: 0.7..0.9"
    alone, both = tree(tmp_path, TIME), tree(tmp_path, other, TIME, TIME)
    (name,) = ranges(alone)
    assert name == "changes stages.annotate.time 2027-03-01 tool factor"
    assert [*ranges(both)][1:] == [name, f"{name} #2"]
    normal = Draw(1, 0).normal
    first, second, third = _texts(drawn(both, normal), "factor")
    assert second == _texts(drawn(alone, normal), "factor")[0]
    assert len({first, second, third}) == 3
    wide = tree(tmp_path, TIME.replace("0.8..0.95", "0.6..1.1"))
    low, high = (float(_texts(drawn(one, normal), "factor")[0]) for one in (alone, wide))
    z_narrow = math.log(low / math.sqrt(0.8 * 0.95)) / math.log(0.95 / 0.8)
    z_wide = math.log(high / math.sqrt(0.6 * 1.1)) / math.log(1.1 / 0.6)
    assert z_narrow == pytest.approx(z_wide, rel=1e-6)
