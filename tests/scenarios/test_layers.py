"""How files lie over one another, and who said what."""

from __future__ import annotations

from pathlib import Path

import pytest
from short_scenario import SHORT, changed

from labelcast.scenarios.load import load
from labelcast.sim.line import Line

PROFILE = """labelcast_profile: 1
provenance: {version: 0.1.0}
assumed: [{path: pools.team.shrinkage, value: 0.1, why: unknown}]
scenario:
  work: {images: {difficulty: {spread: 0.6}}}
  calendars: {nights: {hours: "00:00-06:00"}}
  pools:
    team: {headcount: 7, shrinkage: 10%, skill: {mean: 2.5, spread: 0.3}, speed: {spread: 0.5}}
    others: {headcount: 2, calendar: nights}
"""


def over(folder: Path, upper: str, lower: str = SHORT, profile: str | None = None) -> Line:
    """The line of `upper`, which extends `lower`."""
    (folder / "base.yaml").write_text(lower)
    (folder / "upper.yaml").write_text(f"labelcast: 1\nextends: base.yaml\n{upper}")
    if profile is None:
        return load(folder / "upper.yaml")
    (folder / "given.profile.yaml").write_text(profile)
    return load(folder / "upper.yaml", folder / "given.profile.yaml")


def test_named_things_merge_by_name(tmp_path: Path) -> None:
    """What a file says of a pool is changed in that pool; its other keys and the other pools stay."""
    line = over(tmp_path, "pools:\n  team: {headcount: 9}\n")
    assert [(pool.name, pool.headcount, pool.contract.hourly) for pool in line.pools] == [
        ("team", 9, 20_000_000),
        ("reviewers", 5, 30_000_000),
    ]


def test_tables_of_shares_are_replaced(tmp_path: Path) -> None:
    """Shares are one value: classes of the base do not stay beside new ones, nor pools of a stage."""
    stages = "{annotate: {pools: {reviewers: 100%}}, review: {pools: [team]}}"
    line = over(tmp_path, f"work: {{images: {{classes: {{van: 100%}}}}}}\nstages: {stages}\n")
    assert line.segments[0].classes == {"van": 1.0}
    assert [stage.pools for stage in line.stages] == [(("reviewers", 1.0),), (("team", 1.0),)]


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("time: {lognormal: {median: 9 s, p95: 20 s}}", "time: {gamma: {mean: 7 s, shape: 2}}"),
        ("time: {lognormal: {median: 9 s, p95: 20 s}}", "time: 7 s"),
        ("time: 9 s", "time: {gamma: {mean: 7 s, shape: 2}}"),
        ("time: {lognormal: {median: 9 s, p95: 20 s}}", "time: {lognormal: {mean: 7 s, sigma: 0.3}}"),
    ],
)
def test_a_key_takes_the_place_of_its_alternatives(tmp_path: Path, lower: str, upper: str) -> None:
    """A distribution written over another replaces it, whatever the two forms are."""
    line = over(tmp_path, f"stages: {{annotate: {{{upper}}}}}\n", changed(("time: 42 s", lower)))
    (tmp_path / "alone.yaml").write_text(changed(("time: 42 s", upper)))
    assert line.stages == load(tmp_path / "alone.yaml").stages


def test_parts_of_a_distribution_merge(tmp_path: Path) -> None:
    """A new median leaves the sigma as it was."""
    line = over(
        tmp_path,
        "stages: {annotate: {time: {lognormal: {median: 30 s}}}}\n",
        changed(("time: 42 s", "time: {lognormal: {mean: 9 s, sigma: 0.4}}")),
    )
    assert dict(line.stages[0].time.parameters) == {"median": 30.0, "sigma": 0.4}


def test_the_name_is_the_files_own(tmp_path: Path) -> None:
    """A name is not taken over, so that two scenarios of one base can be told apart."""
    assert over(tmp_path, "", changed(("labelcast: 1", "labelcast: 1\nname: base"))).name == "upper"
    assert over(tmp_path, "name: mine\n").name == "mine"


def test_a_profile_lies_under_every_file(tmp_path: Path) -> None:
    """What any scenario file says wins over the profile; what none says comes from it and is called fitted, unless the
    fit left it to us. Pools and calendars that nothing uses are no part of the line."""
    line = over(tmp_path, "pools: {team: {speed: {spread: 0.2}}}\n", profile=PROFILE)
    team = line.pools[0]
    assert (team.headcount, team.speed_sd, team.skill_mean, team.skill_sd) == (4, 0.2, 2.5, 0.3)
    assert line.segments[0].difficulty_sd == 0.8
    assert [pool.name for pool in line.pools] == ["team", "reviewers"]
    assert [calendar.name for calendar in line.calendars] == ["office"]
    assert line.fitted == ("pools.team.skill.mean", "pools.team.skill.spread")
    assert "pools.team.shrinkage" in line.assumed
    assert not set(line.fitted) & set(line.assumed)


def test_a_profile_that_was_not_fitted_is_assumed(tmp_path: Path) -> None:
    """Without a provenance nobody fitted it: its values are assumptions."""
    line = over(tmp_path, "", profile=PROFILE.replace("provenance: {version: 0.1.0}\n", ""))
    assert line.fitted == ()
    assert {"pools.team.skill.mean", "pools.team.speed.spread"} <= set(line.assumed)


def test_a_profile_that_is_given_takes_the_place_of_the_files(tmp_path: Path) -> None:
    """`--profile` replaces the profile that the files name; a name is relative to the file where it stands."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "own.profile.yaml").write_text(PROFILE.replace("2.5", "1.5"))
    (tmp_path / "deep" / "base.yaml").write_text(changed(("labelcast: 1", "labelcast: 1\nprofile: own.profile.yaml")))
    (tmp_path / "upper.yaml").write_text("labelcast: 1\nextends: deep/base.yaml\n")
    (tmp_path / "given.yaml").write_text(PROFILE)
    assert load(tmp_path / "upper.yaml").pools[0].skill_mean == 1.5
    assert load(tmp_path / "upper.yaml", tmp_path / "given.yaml").pools[0].skill_mean == 2.5


def test_assumptions_are_what_nobody_wrote(tmp_path: Path) -> None:
    """Writing a default out takes it off the list and changes nothing else."""
    before = over(tmp_path, "")
    written = "pools: {team: {shrinkage: 0%, speed: {spread: 0.3}}, reviewers: {reviewing: {sensitivity: 80%}}}\n"
    after = over(tmp_path, written)
    gone = {"pools.team.shrinkage", "pools.team.speed.spread", "pools.reviewers.reviewing.sensitivity"}
    assert set(before.assumed) - set(after.assumed) == gone
    assert before.pools == after.pools


def test_a_chain_may_be_so_long(tmp_path: Path) -> None:
    """Eight files extend one another; one more is refused."""
    (tmp_path / "0.yaml").write_text(SHORT)
    for number in range(1, 9):
        (tmp_path / f"{number}.yaml").write_text(f"labelcast: 1\nextends: {number - 1}.yaml\n")
    assert load(tmp_path / "7.yaml").pools[0].headcount == 4
    with pytest.raises(Exception, match="at most 8 files"):
        load(tmp_path / "8.yaml")


WRITTEN = """
pools:
  team: {absence: 5%, learning: {exponent: 0.1}, turnover: 20%/year}
stages:
  annotate: {gold: {share: 5%, ban_below: 60%}, labels_per_item: {threshold: 90%, max: 4}}
changes: [{on: 2027-03-01, dip: {time: 1.2, over: 4 weeks}}]
"""


def test_assumptions_of_mechanisms(tmp_path: Path) -> None:
    """A mechanism that is off is no assumption; inside one that is written, what nobody said and the answer rests on
    is: not what rules of other kinds would take, nor what a rule that is not there would."""
    added = set(over(tmp_path, WRITTEN).assumed) - set(over(tmp_path, "").assumed)
    assert added == {
        *("pools.team.absence.paid", "pools.team.learning.tasks", "pools.team.learning.experience"),
        *("pools.team.turnover.lead", "pools.team.turnover.training"),
        *("stages.annotate.gold.after", "stages.annotate.labels_per_item.start", "changes.dip.steps"),
    }
    model = over(tmp_path, "stages: {prelabel: {time: 1 s, model: {skill: 2}}}").assumed
    assert {one for one in model if "prelabel" in one or "suggestion" in one} == {
        f"stages.annotate.suggestion.{key}" for key in ("anchoring", "accept_time", "fix_time")
    }


def test_short_forms_merge_as_what_they_stand_for(tmp_path: Path) -> None:
    """Both spellings of one thing, over both spellings of another, give the same line."""
    for lower in ("absence: 5%", "absence: {share: 5%}"):
        for upper in ("absence: 7%", "absence: {share: 7%}"):
            line = over(tmp_path, f"pools: {{team: {{{upper}}}}}", changed(("headcount: 4", f"headcount: 4, {lower}")))
            assert (line.pools[0].absence.share, line.pools[0].absence.paid) == (0.07, True)
    unpaid = changed(("headcount: 4", "headcount: 4, absence: {share: 5%, paid: no}"))
    assert over(tmp_path, "pools: {team: {absence: 7%}}", unpaid).pools[0].absence.paid is False
    paid = over(
        tmp_path, "pools: {team: {absence: {paid: no}}}", changed(("headcount: 4", "headcount: 4, absence: 5%"))
    )
    assert (paid.pools[0].absence.share, paid.pools[0].absence.paid) == (0.05, False)
