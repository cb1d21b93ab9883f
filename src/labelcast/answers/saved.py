"""Answers that are saved: asked of files, written with all that they rest on, and asked again from the copies."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from .. import terminal
from ..scenarios.library import PREFIX
from ..scenarios.saved import FILE, PLAN, Gathered, Question, SavedAnswer, differences, gathered, save_answer
from ..scenarios.saved.answered import ANSWER, TEXT
from ..scenarios.saved.manifest import versions
from ..scenarios.saved.numbered import numbers_of
from ..sim.errors import DataRefused, ScenarioRefused
from ..sim.witness import witnessed
from .answer import Told

QUESTIONS = (
    "bottleneck", "breakeven", "budget", "compare", "forecast", "invest", "modelvalue", "pilot", "select",
    "sensitivity", "uncertainty", "why",
)  # fmt: skip
"""Whose answers are saved: modules here, each with a function of its name."""

NO_INPUT = ("processes", "keep")
"""Arguments that change no number."""


P = ParamSpec("P")
Answered = TypeVar("Answered", bound=Told)


@dataclass(frozen=True)
class AskedAgain:
    """files: whose bytes are others now.  surroundings: versions that are others.  numbers: those that are others: as
    it was and as it is, None where there is none."""

    saved: SavedAnswer
    files: tuple[str, ...]
    surroundings: tuple[str, ...]
    numbers: dict[str, tuple[Any, Any]]

    @property
    def same(self) -> bool:
        """Whether every byte is the same."""
        return not self.files


def ask(root: Path | None, question: Callable[P, Answered], *given: P.args, **options: P.kwargs) -> Answered:
    """Asks a question of scenario files and, where there is a folder to save in, saves the answer below it, with all
    that it rests on, and says where. root: None saves nothing.

    Raises what the question raises, and ScenarioRefused where a file has changed meanwhile.
    """
    if root is None:
        return question(*given, **options)
    terminal.folder(root)
    bound = inspect.signature(question).bind(*given, **options)
    bound.apply_defaults()
    kinds = _kinds(question)
    read = _read(kinds, bound.arguments)
    with witnessed() as runs:
        found = question(*given, **options)
    if _read(kinds, bound.arguments).data != read.data:
        raise ScenarioRefused("A file has changed while the question was asked. Nothing was saved; ask again.")
    asked = {
        name: _placed(kinds.get(name, ""), value, read)
        for name, value in bound.arguments.items()
        if name not in NO_INPUT
    }
    asked_for = Question(question.__name__, asked)
    saved = save_answer(root, asked_for, read.data, tuple(runs), _outputs(found), terminal.typed_now())
    terminal.say(f"Answer: {saved.folder}")
    return found


def ask_again(saved: SavedAnswer, processes: int | None = None) -> AskedAgain:
    """Asks the question of a saved answer of the copies of its files, and compares. Nothing is written.

    Raises what the question raises, and DataRefused where the manifest asks for what no question is.
    """
    outputs = _outputs(answered_again(saved, processes))
    files = tuple(name for name, data in outputs.items() if data != (saved.folder / name).read_bytes())
    before, now = numbers_of(saved.data), numbers_of(json.loads(outputs[ANSWER]))
    changed = {
        name: (before.get(name), now.get(name))
        for name in dict.fromkeys([*before, *now])
        if before.get(name) != now.get(name)
    }
    return AskedAgain(saved, files, tuple(differences(saved.manifest.versions, versions())), changed)


def answered_again(saved: SavedAnswer, processes: int | None = None) -> Told:
    """The answer that the copies of a saved answer's files give today. Raises as `ask_again`."""
    manifest = saved.manifest
    if manifest.question.name not in QUESTIONS:
        raise DataRefused(f"{saved.folder}: asks {manifest.question.name!r}, which is no question of this labelcast.")
    question = getattr(import_module(f".{manifest.question.name}", __package__), manifest.question.name)
    kinds = _kinds(question)
    asked = {name: _copied(kinds.get(name, ""), value, saved) for name, value in manifest.question.arguments.items()}
    signature = inspect.signature(question)
    if unknown := sorted(set(asked) - set(signature.parameters)):
        raise DataRefused(f"{saved.folder}: {manifest.question.name} has no {unknown[0]!r} in this labelcast.")
    given: list[Any] = []
    for name, parameter in signature.parameters.items():
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            given += asked.pop(name, [])
        elif parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and name in asked:
            given.append(asked.pop(name))
    if "processes" in signature.parameters:
        asked["processes"] = processes
    answer: Told = question(*given, **asked)
    return answer


def _kinds(question: Callable[..., Any]) -> dict[str, str]:
    """Of each parameter that names files: "scenario", or "file"."""
    told = {name: str(one.annotation) for name, one in inspect.signature(question).parameters.items()}
    kinds = {name: "scenario" if "Asked" in one else "file" if "PathLike" in one else "" for name, one in told.items()}
    return {name: kind for name, kind in kinds.items() if kind and name not in NO_INPUT}


def _paths(kind: str, value: Any) -> list[Path]:
    """The files that an argument names."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [path for one in value for path in _paths(kind, one)]
    if kind == "file" and str(value).startswith(PREFIX):
        return []
    return [terminal.found(Path(value)) if kind == "scenario" else Path(value)]


def _read(kinds: Mapping[str, str], arguments: Mapping[str, Any]) -> Gathered:
    """All files that the arguments name, and all that those rest on."""
    plans = [path for name, kind in kinds.items() if kind == "scenario" for path in _paths(kind, arguments[name])]
    others = [
        path
        for name, kind in kinds.items()
        if kind == "file" and name != "profile"
        for path in _paths(kind, arguments[name])
    ]
    profile = arguments.get("profile")
    return gathered(plans, None if profile is None else Path(profile), others)


def _placed(kind: str, value: Any, read: Gathered) -> Any:
    """An argument as a manifest can hold it."""
    if isinstance(value, list | tuple):
        return [_placed(kind, one, read) for one in value]
    paths = _paths(kind, value) if kind else []
    if paths:
        return {PLAN if kind == "scenario" else FILE: read.places[paths[0]]}
    return str(value) if isinstance(value, Path) else value


def _copied(kind: str, value: Any, saved: SavedAnswer) -> Any:
    """An argument with the copies of its files: a manifest may come from anywhere, and names no other file."""
    if isinstance(value, list):
        return [_copied(kind, one, saved) for one in value]
    if not kind or value is None or (kind == "file" and str(value).startswith(PREFIX)):
        return value
    key = PLAN if kind == "scenario" else FILE
    if not (isinstance(value, dict) and set(value) == {key} and (value[key] in saved.manifest.files or kind == "file")):
        raise DataRefused(f"{saved.folder}: its manifest names {value!r}, which is no file of this folder.")
    return saved.file(str(value[key]))


def _outputs(found: Told) -> dict[str, bytes]:
    """The bytes of an answer. No answer tells where a file lies, so those of copies are the same."""
    data = json.dumps(found.data, indent=2, allow_nan=False, ensure_ascii=False)
    return {ANSWER: f"{data}\n".encode(), TEXT: f"{found.text.rstrip()}\n".encode()}


def plans_of(saved: SavedAnswer, name: str) -> list[Path]:
    """Copies of the scenario files that an argument of the question names, none where it names none."""
    value = saved.manifest.question.arguments.get(name)
    told = value if isinstance(value, list) else [value]
    return [saved.file(str(one[PLAN])) for one in told if isinstance(one, dict) and PLAN in one]


def profile_of(saved: SavedAnswer) -> Path | None:
    """The copy of the profile that was put under the scenarios, or its name in the library; None without one."""
    told = _copied("file", saved.manifest.question.arguments.get("profile"), saved)
    return None if told is None else Path(told)
