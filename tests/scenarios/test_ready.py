"""The scenario that `labelcast scenario` writes from a profile: as it is, and with every suggestion taken over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twins import run

from labelcast.calibration import sample
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.profile import write
from labelcast.scenarios.library import profiles
from labelcast.scenarios.load import load
from labelcast.scenarios.problems import Problems
from labelcast.scenarios.ready import WIDEST, _word, scenario_text
from labelcast.scenarios.shelf import Told, told
from labelcast.scenarios.text import compose
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import Line
from labelcast.sim.plan import Plan

CROWD = """labelcast_profile: 1
provenance: {rows_used: 900, first: "2026-03-02T10:00:00+00:00", last: "2026-03-29T23:00:00+00:00", timezone: UTC}
fitted: []
assumed: []
scenario:
  pools:
    crowd:
      sessions: {rate: 40/hour, returning: 80%}
      tasks_per_session: {lognormal: {median: 12, p95: 90}}
      skill: {mean: 1.8, spread: 0.8}
  stages: {annotate: {pools: [crowd], labels_per_item: 3, time: {lognormal: {median: 20 s, sigma: 0.4}}}}
"""


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of the bundled sample."""
    path = tmp_path_factory.mktemp("ready") / "team.profile.yaml"
    write(calibrate([sample.PATH], timezone="Europe/Paris"), path)
    return path


def written(text: str, profile: Path, name: str = "plan") -> Line:
    """The line of a scenario's text beside its profile."""
    path = profile.parent / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def taken_over(text: str) -> str:
    """With every # before a key taken out; nothing else in a scenario begins with a word and a colon."""
    return "".join(re.sub(r"^(\s*)# ( *[\w-]+:)", r"\1\2", line) for line in text.splitlines(keepends=True))


def test_it_runs_at_once_on_the_profile_alone(fitted: Path) -> None:
    """Loaded as written it is the profile's line, with a week of the export's work from the Monday after it, and a
    simulation delivers all of it; the scenario repeats no number of the profile."""
    profile = told(fitted)
    line = written(scenario_text(profile, fitted.name), fitted)
    assert line.segments[0].backlog == round(profile.fitted["work.items.arrivals.rate"].value)
    assert (line.start.isoformat(), line.timezone) == ("2026-09-21T00:00:00", "Europe/Paris")
    assert {"pools.annotators.headcount", "stages.annotate.time.lognormal.median"} <= set(line.fitted)
    assert line.goals == ()
    assert run(Plan.of(line), 1, 0).items["delivered_at"].notna().all()


def test_every_suggestion_can_be_taken_over(fitted: Path) -> None:
    """With all # taken out, the same people do the same work, by the planner's word, and pay and goals are there."""
    text = scenario_text(told(fitted), fitted.name)
    before, after = written(text, fitted), written(taken_over(text), fitted, "whole")
    assert [pool.headcount for pool in after.pools] == [pool.headcount for pool in before.pools]
    assert after.stages[0].time == before.stages[0].time
    assert after.segments[0].classes == before.segments[0].classes
    assert after.segments[0].arrivals is not None
    assert (before.pools[0].contract.hourly, bool(after.pools[0].contract.hourly)) == (None, True)
    assert {goal.kpi for goal in after.goals} == {"finish_days", "accuracy", "cost", "on_time"}
    mine = {path for path in after.fitted if not path.startswith("calendars.")}
    assert mine == set()


def test_intervals_stand_beside_their_values(fitted: Path) -> None:
    """In the value's own unit: shares as percentages, with n."""
    profile = told(fitted)
    known = profile.fitted["pools.annotators.shrinkage"]
    text = scenario_text(profile, fitted.name)
    assert known.low is not None
    assert known.high is not None
    low, high = (f"{100 * end:.4g}%" for end in (known.low, known.high))
    assert re.search(rf"#     shrinkage: .*%  +# 95%: {low} to {high}, n = {known.n}\n", text)
    assert max(map(len, text.splitlines())) <= WIDEST


def test_a_crowd_and_a_log_without_posting_times(tmp_path: Path) -> None:
    """Nothing hangs on the pool being staff, on a rate, on counts or on a segment that the profile tells of."""
    (tmp_path / "crowd.profile.yaml").write_text(CROWD)
    profile = told(tmp_path / "crowd.profile.yaml")
    text = scenario_text(profile, "crowd.profile.yaml")
    line = written(text, tmp_path / "crowd.profile.yaml")
    assert line.pools[0].sessions is not None
    assert line.segments[0].backlog == 1_000
    assert line.start.isoformat() == "2026-03-30T00:00:00"
    whole = written(taken_over(text), tmp_path / "crowd.profile.yaml", "whole")
    assert whole.pools[0].contract.per_label


def test_a_stand_in_says_so(tmp_path: Path) -> None:
    """A profile that was fitted to nothing makes a scenario, too, that names it in the library."""
    text = scenario_text(told(profiles()["typical"]), "library:typical")
    assert "fitted to nobody's data" in text
    assert "95%:" not in text.replace("P95", "")
    line = written(text, tmp_path / "any.profile.yaml")
    assert line.pools[0].headcount == 6


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=30))
def test_any_name_survives(word: str) -> None:
    """Names of classes are what users typed: as key, value and in a list they come back to the letter."""
    problems = Problems()
    tree = compose(f"{{a: {{{_word(word)}: {_word(word)}}}, b: [{_word(word)}]}}\n".encode(), "x.yaml", problems)
    assert problems.found == []
    assert tree is not None
    inner, listing = tree.entries["a"], tree.entries["b"]
    assert [*inner.entries] == [word]
    assert inner.entries[word].text == listing.items[0].text == word
    assert not listing.items[0].empty


def test_many_classes_stay_in_the_profile(fitted: Path, tmp_path: Path) -> None:
    """A mix that fits on no line is counted, not written; the scenario loads."""
    shares = ", ".join(f"kind-{number}: 1%" for number in range(100))
    text = fitted.read_text().replace("work:\n    items:\n      classes:\n", "work:\n    items:\n      classes_were:\n")
    text = re.sub(r"      classes_were:\n(        .*\n)+", f"      classes: {{{shares}}}\n", text)
    (tmp_path / "many.profile.yaml").write_text(text)
    told_text = scenario_text(told(tmp_path / "many.profile.yaml"), "many.profile.yaml")
    assert "# classes of the profile, with 100 entries, is too long" in told_text
    assert len(written(told_text, tmp_path / "many.profile.yaml").segments[0].classes) == 100


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("labelcast: 1\n", "a profile begins with `labelcast_profile: 1`"),
        ("labelcast_profile: 1\n", "has a mapping `scenario:`, but this has none"),
        ("a: [1\n", "is not YAML"),
    ],
)
def test_what_is_no_profile_is_refused(text: str, words: str, tmp_path: Path) -> None:
    """By file and line, as where a scenario names it."""
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioRefused, match=re.escape(words)) as refused:
        told(path)
    assert str(refused.value).startswith(f"{path}:")


def test_damaged_evidence_is_left_out(fitted: Path, tmp_path: Path) -> None:
    """Whoever edits a profile's own words about itself loses comments, not the scenario."""
    text = fitted.read_text()
    text = re.sub(r"(?m)^  last: .*$", "  last: yesterday", text)
    text = re.sub(r"(?m)^    items: \d+$", "    items: many", text)
    text = re.sub(
        r"(?ms)^fitted:.*?^assumed:",
        "fitted: [3, {path: pools.annotators.headcount}, {path: work.items.arrivals.rate, value: many}]\nassumed:",
        text,
    )
    (tmp_path / "odd.profile.yaml").write_text(text)
    profile: Told = told(tmp_path / "odd.profile.yaml")
    assert (profile.items, dict(profile.fitted)) == (None, {})
    line = written(scenario_text(profile, "odd.profile.yaml"), tmp_path / "odd.profile.yaml")
    assert (line.start.isoformat(), line.segments[0].backlog) == ("2027-01-04T00:00:00", 1_000)
