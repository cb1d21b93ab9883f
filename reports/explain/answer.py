"""One number of a saved answer, and what stands behind it: the question, the runs it rests on, their inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...scenarios.load import load
from ...scenarios.problems import guess, listed, quoted
from ...scenarios.saved import FILE, PLAN, SavedAnswer, numbers_of
from ...sim.errors import ScenarioRefused
from ...sim.line import Line
from ..assumptions import Assumption, assumptions
from ..columns import left
from ..tables import plain_text, table
from .told import FOUND, GENERATOR

MOST = 20
"""Names that are told where a number is looked for."""


@dataclass(frozen=True, eq=False)
class AnswerExplanation:
    """key: where the number stands in the answer, see numbers_of."""

    saved: SavedAnswer
    key: str

    @property
    def value(self) -> Any:
        """The number, as it stands there; None for one that is not known."""
        return numbers_of(self.saved.data)[self.key]

    @property
    def sentences(self) -> list[str]:
        """How the answer begins."""
        return self.saved.text.split("\n\n")[0].splitlines()

    @cached_property
    def inputs(self) -> dict[str, tuple[Assumption, ...]]:
        """By scenario of the question, every value of it, and who said it. Raises as `load` does."""
        found: dict[str, tuple[Assumption, ...]] = {}
        for line in self._lines():
            found.setdefault(line.name, assumptions(line))
        return found

    def _lines(self) -> Iterator[Line]:
        asked = self.saved.manifest.question.arguments
        named = asked.get("profile")
        profile = self.saved.file(named[FILE]) if isinstance(named, dict) else None if named is None else Path(named)
        for place in _plans([*asked.values()]):
            yield load(self.saved.file(place), profile)


def explain_answer(saved: SavedAnswer, key: str) -> AnswerExplanation:
    """The explanation of a number. Raises ScenarioRefused where the answer tells no number of this name."""
    known = numbers_of(saved.data)
    if key not in known:
        below = [name for name in known if name.startswith(f"{key}.")]
        rule = f"{quoted(key)} is many" if below else f"tells no {quoted(key)}"
        hint = "" if below else guess(key, known)
        there = hint or f" There are: {listed(below or [*known], MOST)}. answer.json in its folder has all."
        raise ScenarioRefused(f"{saved.name}: {rule}.{there}")
    return AnswerExplanation(saved, key)


def answer_explanation_json(one: AnswerExplanation) -> dict[str, Any]:
    """All of it, as a dict that JSON can hold."""
    manifest = one.saved.manifest
    return {
        "answer": one.saved.name,
        "number": one.key,
        "value": one.value,
        "question": manifest.question.name,
        "arguments": dict(manifest.question.arguments),
        "sentences": one.sentences,
        "runs": [{"id": each.id, **vars(each)} for each in manifest.runs],
        "inputs": {
            name: [{"path": each.path, "value": each.value, "said_by": each.origin} for each in found]
            for name, found in one.inputs.items()
        },
        "files": dict(manifest.files),
        "generator": GENERATOR,
        "versions": dict(manifest.versions),
    }


def answer_explanation_text(one: AnswerExplanation) -> str:
    """For a terminal."""
    parts = [*_value(one), "", *_asked(one), "", *_runs(one), "", *_inputs(one), *_provenance(one)]
    return plain_text("\n".join(parts))


def _value(one: AnswerExplanation) -> Iterator[str]:
    yield f"{one.key} of {one.saved.name}: {'not known' if one.value is None else one.value}"
    for text in one.sentences:
        yield f"  {text}"


def _asked(one: AnswerExplanation) -> Iterator[str]:
    question = one.saved.manifest.question
    yield f"Asked: {question.name}"
    for name, value in question.arguments.items():
        if value is not None:
            yield f"  {name}: {_word(value)}"
    if command := one.saved.when.get("command"):
        yield f"  as typed: {command}"


def _runs(one: AnswerExplanation) -> Iterator[str]:
    runs = one.saved.manifest.runs
    yield f"Runs on which the answer rests: {len(runs)}"
    rows = [["run", "scenario", "replications", "seed", "engine", "line"]]
    for each in runs:
        line = "drawn for each" if each.drawn else each.digest[:12]
        rows.append([each.id, each.name, str(each.replications), str(each.seed), each.engine, line])
    yield table(rows)
    yield f"{GENERATOR}."


def _inputs(one: AnswerExplanation) -> Iterator[str]:
    for name, found in one.inputs.items():
        yield f"Inputs: {len(found)} values of {name}, and who said them"
        yield left([["path", "said by", "value"], *([each.path, FOUND[each.origin], each.value] for each in found)])
        yield ""


def _provenance(one: AnswerExplanation) -> Iterator[str]:
    yield "Files and versions"
    for name, digest in one.saved.manifest.files.items():
        yield f"  {name}: SHA-256 {digest}"
    yield "  " + ", ".join(f"{name} {number}" for name, number in one.saved.manifest.versions.items())


def _plans(value: Any) -> Iterator[str]:
    """Places of the scenario files among arguments, in their order."""
    if isinstance(value, list):
        for each in value:
            yield from _plans(each)
    elif isinstance(value, dict) and set(value) == {PLAN}:
        yield value[PLAN]


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_word(each) for each in value)
    if isinstance(value, dict):
        inner = [str(each) if key in (PLAN, FILE) else f"{key}={each}" for key, each in value.items()]
        return ", ".join(inner)
    return str(value)
