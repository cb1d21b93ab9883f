"""Saved answers: each comes out again from its own copies, and each number leads to runs, seeds and inputs."""

from __future__ import annotations

import hashlib
import inspect
import json
import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from small import PLAN
from typed import labelcast

from labelcast import cli
from labelcast.answers import saved as saving
from labelcast.answers.budget import budget
from labelcast.answers.saved import QUESTIONS, ask
from labelcast.scenarios.load import load
from labelcast.scenarios.saved import numbers_of, opened_answer
from labelcast.sim.errors import DataRefused, ScenarioRefused
from labelcast.sim.line import digest
from labelcast.sim.replicate import replicate
from labelcast.sim.witness import witnessed

FIT = """labelcast_profile: 1
provenance: {digest: "d1", first: "2026-01-05T00:00:00+00:00", last: "2026-01-19T00:00:00+00:00"}
fitted: [{path: stages.annotate.time.gamma.mean, value: 60, low: 20, high: 180, n: 9, unit: s, method: m}]
scenario: {stages: {annotate: {time: {gamma: {mean: 60 s, shape: 9}}}}}
"""
TOOL = """extends: plan.yaml
name: tool
changes: [{on: 2027-01-04T09:10, why: tool, path: stages.annotate.time, factor: 0.7, cost: 2 EUR}]
"""
OPEN = PLAN.replace("name: plan", "name: open").replace(", time: 90 s", "")
POINTS = "labels,accuracy,noise\n1000,0.80,0\n2000,0.84,0\n4000,0.87,0\n8000,0.893,0\n16000,0.91,0\n"

ASKED: dict[str, list[object]] = {
    "budget": ["plans/tool.yaml", "-n", 3, "--months", 2],
    "invest": ["plans/tool.yaml", "-n", 3, "--months", 2],
    "breakeven": [
        "plans/plan.yaml", "plans/tool.yaml", "-n", 3, "--points", 2, "--over", "work.items.backlog=20 items..40 items",
    ],
    "uncertainty": ["plans/open.yaml", "--profile", "fits/fit.yaml", "--draws", 4, "--inner", 2],
    "why": ["plans/plan.yaml", "plans/tool.yaml", "-n", 3],
    "modelvalue": ["points.csv", "--worth", "500 EUR", "--price", "0.1 EUR"],
}  # fmt: skip
ALONE = {"modelvalue"}
"""Those that know no --processes."""

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which each question was asked once, by its command, and its answer saved."""
    place = tmp_path_factory.mktemp("answers")
    for name, text in (
        ("plans/plan.yaml", PLAN), ("plans/tool.yaml", TOOL), ("plans/open.yaml", OPEN), ("fits/fit.yaml", FIT),
        ("points.csv", POINTS),
    ):  # fmt: skip
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for name, words in ASKED.items():
            here = [] if name in ALONE else ["--processes", 1]
            assert labelcast(patch, name, *words, *here, "--save", "runs") == 0, name
    return place


def of(root: Path, question: str) -> Path:
    """The folder of the answer to a question."""
    (found,) = (root / "runs").glob(f"{question}-*")
    return found


def test_every_question_can_be_saved() -> None:
    """Each has a command with --save, and is asked of files that a copy can hold."""
    typed = {command.callback.__name__: command.callback for command in cli.app.registered_commands if command.callback}
    for name in QUESTIONS:
        assert "save" in inspect.signature(typed[name]).parameters, name
        call = getattr(import_module(f"labelcast.answers.{name}"), name)
        assert saving._kinds(call), name


@pytest.mark.parametrize("question", ASKED)
def test_an_answer_comes_out_again(
    root: Path, tmp_path: Path, question: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """From the copies alone, elsewhere, every byte the same; what was printed is kept."""
    folder = of(root, question)
    monkeypatch.chdir(tmp_path)
    assert labelcast(monkeypatch, "rerun", folder, "--processes", 1) == 0
    assert f"{folder.name}: the same answer came out again, every byte of it." in capsys.readouterr().out
    answer = opened_answer(folder)
    assert answer.manifest.question.name == question
    assert answer.text.strip()
    assert json.loads((folder / "answer.json").read_text()) == answer.data


def test_answers_are_listed_beside_runs(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """With what was asked; as JSON too."""
    monkeypatch.chdir(root)
    assert labelcast(monkeypatch, "runs") == 0
    text = capsys.readouterr().out
    assert all(f"{of(root, name).name} " in text for name in ASKED)
    assert labelcast(monkeypatch, "runs", "--json") == 0
    told = {one["question"]: one for one in json.loads(capsys.readouterr().out)}
    assert set(told) == set(ASKED)
    assert told["budget"]["command"].startswith("labelcast budget plans/tool.yaml -n 3 --months 2")
    assert [len(told[name]["runs"]) for name in ("budget", "uncertainty", "modelvalue")] == [2, 1, 0]


def test_a_number_leads_to_its_runs(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Value as it was told; question, runs with seed and the line's digest, inputs and who said them, files, versions.
    Runs of the same line, seed and engine have the same name, whoever asked."""
    monkeypatch.chdir(root)
    known = json.loads((of(root, "invest") / "answer.json").read_text())
    assert labelcast(monkeypatch, "explain", "invest-", "investments.tool.npv.mean", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["value"] == known["investments"][0]["npv"]["mean"]
    assert told["question"] == "invest"
    assert [(one["name"], one["replications"], one["seed"]) for one in told["runs"]] == [("tool", 3, 1)] * 2
    assert told["runs"][0]["digest"] == known["digest"]
    said = {one["path"]: one["said_by"] for one in told["inputs"]["tool"]}
    assert said["pools.team.pay.hourly"] == "stated"
    assert set(told["files"]) == {"plan/plan.yaml", "plan/tool.yaml"}
    assert set(told["files"].values()) == {hashlib.sha256(text.encode()).hexdigest() for text in (PLAN, TOOL)}
    both = [opened_answer(of(root, name)).manifest.runs for name in ("budget", "invest")]
    assert both[0][0].id == both[1][0].id
    assert labelcast(monkeypatch, "explain", "budget-", "months.2027-01.p80") == 0
    text = capsys.readouterr().out
    for part in ("Asked: budget", "Runs on which the answer rests: 2", "Inputs: ", "plan/tool.yaml: SHA-256"):
        assert part in text


def test_a_number_that_is_not_there(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """What is meant is guessed, or what there is is told; files of a run's rows are not had of an answer."""
    monkeypatch.chdir(root)
    for words, told in (
        (["months.2027-01.p81"], "Did you mean"),
        (["months.2027-01"], '"months.2027-01" is many. There are: months.2027-01.'),
        (["x", "--csv", "rows.csv"], "--csv: belongs to a KPI of a run"),
    ):
        assert labelcast(monkeypatch, "explain", "budget-", *words) == 2
        assert told in capsys.readouterr().err
    assert labelcast(monkeypatch, "report", "budget-", "--out", "r.html") == 2
    assert "is an answer of `labelcast budget`, and reports are of runs" in capsys.readouterr().err


def test_another_answer_is_told(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Of an answer that came out otherwise (planted): which number, as it was and as it is; exit code 6."""
    folder = _copied(of(root, "breakeven"), tmp_path)
    data = json.loads((folder / "answer.json").read_text())
    assert len(data["points"]) >= 2
    at = f"points.{data['points'][1]['value']:g}.cost.plan"
    data["points"][1]["cost"]["plan"] += 1
    _planted(folder, "answer.json", json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    assert labelcast(monkeypatch, "rerun", folder, "--processes", 1) == 6
    told = capsys.readouterr().out
    was, now = data["points"][1]["cost"]["plan"], data["points"][1]["cost"]["plan"] - 1
    assert "another answer came out, in answer.json." in told
    assert f"{at}: {was}, now {now}" in told
    assert labelcast(monkeypatch, "rerun", folder, "--processes", 1, "--json") == 6
    assert list(json.loads(capsys.readouterr().out)["numbers"]) == [at]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one["arguments"].update(scenario="/etc/passwd"), "names '/etc/passwd', which is no file"),
        (lambda one: one["arguments"].update(scenario={"$plan": "plan/other.yaml"}), "which is no file of this"),
        (lambda one: one["arguments"].update(scenario={"$plan": "../x.yaml"}), "would lie outside of its folder"),
        (lambda one: one["arguments"].update(secret=1), "has no 'secret' in this labelcast"),
        (lambda one: one.update(question="os"), "asks 'os', which is no question"),
    ],
)
def test_a_manifest_leads_nowhere_else(
    root: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None], told: str, monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:  # fmt: skip
    """A folder may come from anybody: it asks nothing but questions, of nothing but its own files."""
    folder = _copied(of(root, "budget"), tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    _renumbered(folder, manifest)
    assert labelcast(monkeypatch, "rerun", folder) == 3
    assert told in capsys.readouterr().err


def test_what_was_changed_is_refused(root: Path, tmp_path: Path) -> None:
    """A byte of a copy, of the answer, or of the manifest."""
    for name in ("files/plan/plan.yaml", "answer.json", "answer.txt"):
        folder = _copied(of(root, "budget"), tmp_path / name.replace("/", "-"))
        (folder / name).write_text((folder / name).read_text() + " ")
        with pytest.raises(DataRefused, match=f"{name}: damaged or changed"):
            opened_answer(folder)
    folder = _copied(of(root, "budget"), tmp_path / "manifest")
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace('"seed": 1', '"seed": 2', 1))
    with pytest.raises(DataRefused, match="but what it says is that of"):
        opened_answer(folder)


def test_a_file_that_changes_meanwhile(tmp_path: Path) -> None:
    """Nothing is saved of an answer whose files are no longer those that it was asked of."""
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)

    def slowly(scenario: str, *, replications: int = 2) -> Any:
        found = budget(scenario, replications=replications, months=1, marginal=False, processes=1)
        path.write_text(PLAN.replace("3,", "4,"))
        return found

    slowly.__annotations__["scenario"] = "Asked"
    with pytest.raises(ScenarioRefused, match="A file has changed while the question was asked"):
        ask(tmp_path / "runs", slowly, str(path))
    assert not (tmp_path / "runs").exists()


def test_runs_are_witnessed_once(tmp_path: Path) -> None:
    """Each set of replications once, with the most that were made of it; nothing outside of the block."""
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    line = load(path)
    with witnessed() as runs:
        for many in (2, 3, 1):
            replicate(line, many, 5, 1)
        replicate(line, 1, 6, 1)
    replicate(line, 1, 7, 1)
    assert [(one.replications, one.seed, one.digest, one.drawn) for one in runs] == [
        (3, 5, digest(line), False),
        (1, 6, digest(line), False),
    ]


def test_numbers_have_names() -> None:
    """Entries of lists by what tells them apart, else by their number."""
    told = {"a": [{"kpi": "cost", "x": 1}, {"kpi": "finish", "x": 2}], "b": [{"kpi": "cost"}, {"kpi": "cost"}], "c": []}
    assert numbers_of(told) == {
        "a.cost.kpi": "cost", "a.cost.x": 1, "a.finish.kpi": "finish", "a.finish.x": 2, "b.0.kpi": "cost",
        "b.1.kpi": "cost",
    }  # fmt: skip


def _copied(folder: Path, root: Path) -> Path:
    return Path(shutil.copytree(folder, root / folder.name))


def _planted(folder: Path, name: str, text: str) -> None:
    """Other bytes, as if they had come out then."""
    (folder / name).write_text(text)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["outputs"][name] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _renumbered(folder: Path, manifest: dict[str, Any]) -> None:
    """A manifest as somebody else might have written it, with an id that fits."""
    inputs = {name: manifest[name] for name in ("question", "arguments", "files", "versions")}
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    manifest["id"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    (folder / "manifest.json").write_text(json.dumps(manifest))
