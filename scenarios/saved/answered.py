"""An answer in a folder: what was asked, of which files, on which runs it rests, and what was told.

manifest.json      question and arguments, digests of the files, the runs, digests of what follows
answer.json        what `--json` prints
answer.txt         what the command prints
files/             all that it is read from
when.json          when, and by which command: the one file that the same question has otherwise
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...sim.errors import DataRefused, Refused
from ...sim.witness import Ran
from .bundle import FILES, MANIFEST, Bundle, check_bytes, folder_name, folders, manifest_text, writing
from .folder import Saved
from .folder import opened as opened_run
from .manifest import place, sha256, versions

FORMAT = 1
"""Version of the folder's layout; a reader refuses any other."""

KIND = "labelcast_answer"
"""The key that tells an answer's manifest from a run's."""

ANSWER, TEXT = "answer.json", "answer.txt"

PLAN, FILE = "$plan", "$file"
"""The one key of what stands for a scenario's file, or another, among arguments; no word that a user types is so."""


@dataclass(frozen=True)
class Question:
    """name: of the command.  arguments: by name, without those that change no number; {PLAN: place} stands for a
    scenario's file, and {FILE: place} for another."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class AnswerManifest:
    """files, outputs: SHA-256 by place and name.
    runs: that the answer rests on, in the order in which they were made."""

    question: Question
    files: Mapping[str, str]
    versions: Mapping[str, str]
    runs: tuple[Ran, ...]
    outputs: Mapping[str, str]

    @property
    def id(self) -> str:
        """Names the answer: equal for the same question to the same files, in the same surroundings."""
        text = json.dumps(self._inputs(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(text.encode())[:12]

    @property
    def folder_name(self) -> str:
        """The question, the first scenario, and the id."""
        first = self.runs[0].name if self.runs else ""
        return folder_name(f"{self.question.name}-{first}", self.id)

    def text(self) -> str:
        """As JSON."""
        told = {KIND: FORMAT, "id": self.id, **self._inputs()}
        told |= {"runs": [{"id": one.id, **asdict(one)} for one in self.runs], "outputs": dict(self.outputs)}
        return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def _inputs(self) -> dict[str, Any]:
        return {
            "question": self.question.name,
            "arguments": dict(self.question.arguments),
            "files": dict(self.files),
            "versions": dict(self.versions),
        }


@dataclass(frozen=True)
class SavedAnswer(Bundle):
    """An answer's folder, as it was found to be whole."""

    manifest: AnswerManifest

    @cached_property
    def data(self) -> dict[str, Any]:
        """What `--json` printed."""
        found: dict[str, Any] = json.loads((self.folder / ANSWER).read_text(encoding="utf-8"))
        return found

    @cached_property
    def text(self) -> str:
        """What was printed."""
        return (self.folder / TEXT).read_text(encoding="utf-8")


def save_answer(
    root: Path,
    question: Question,
    files: Mapping[str, bytes],
    runs: tuple[Ran, ...],
    outputs: Mapping[str, bytes],
    when: Mapping[str, str],
) -> SavedAnswer:
    """Writes an answer into a folder of its own below `root`, all of it or nothing.

    An answer to the same question that is there already stays as it is; DataRefused if its bytes are others.
    """
    digests = ({name: sha256(data) for name, data in each.items()} for each in (files, outputs))
    manifest = AnswerManifest(question, next(digests), versions(), runs, next(digests))
    folder = root / manifest.folder_name
    if folder.exists():
        there = opened_answer(folder)
        if there.manifest != manifest:
            rule = "is there already with the same inputs, but another answer came out"
            raise DataRefused(f"{folder}: {rule}. Keep it as a proof, and save under another folder: --save OTHER.")
        return there
    contents = {**outputs, **{f"{FILES}/{name}": data for name, data in files.items()}}
    with writing(folder, contents, manifest.text(), when):
        pass
    return SavedAnswer(folder, manifest)


def opened_answer(path: Path) -> SavedAnswer:
    """The answer in a folder. Raises DataRefused where that is none, or a byte of it is another than was written."""
    manifest = _manifest_of(manifest_text(path), str(path / MANIFEST))
    check_bytes(path, manifest.outputs, manifest.files, {ANSWER, TEXT})
    return SavedAnswer(path, manifest)


def opened_any(path: Path) -> Saved | SavedAnswer:
    """The run or the answer in a folder. Raises DataRefused as those do."""
    try:
        answers = KIND in json.loads(manifest_text(path))
    except (ValueError, TypeError):
        answers = False
    return opened_answer(path) if answers else opened_run(path)


def runs_in(root: Path) -> list[Saved | SavedAnswer | Refused]:
    """The runs and answers below a folder, newest last; in place of one that cannot be read, why."""
    found: list[Saved | SavedAnswer | Refused] = []
    for path in folders(root):
        try:
            found.append(opened_any(path))
        except Refused as refused:
            found.append(refused)
    return sorted(found, key=lambda one: "" if isinstance(one, Refused) else one.when.get("created_at", ""))


def _manifest_of(text: str, where: str) -> AnswerManifest:
    """The manifest that a text holds. Raises DataRefused where it holds none."""
    try:
        told = json.loads(text)
        if told[KIND] != FORMAT:
            raise ValueError(f"its layout is version {told[KIND]}; this labelcast reads version {FORMAT}")
        runs = [{name: value for name, value in one.items() if name != "id"} for one in told["runs"]]
        arguments = told["arguments"]
        for one in _named(arguments):
            place(one)
        found = AnswerManifest(
            Question(str(told["question"]), dict(arguments)),
            {place(name): str(digest) for name, digest in told["files"].items()},
            {str(name): str(number) for name, number in told["versions"].items()},
            tuple(Ran(**one) for one in runs),
            {place(name): str(digest) for name, digest in told["outputs"].items()},
        )
        if found.id != told["id"]:
            raise ValueError(f"it names the answer {told['id']}, but what it says is that of {found.id}")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        mend = "Take it from a copy, or ask again with --save."
        raise DataRefused(f"{where}: not the manifest of an answer, or changed by hand ({error}). {mend}") from error
    return found


def _named(value: Any) -> list[str]:
    """Places of files that arguments name."""
    if isinstance(value, list):
        return [name for each in value for name in _named(each)]
    if isinstance(value, dict):
        return [str(each) for each in value.values()] if set(value) & {PLAN, FILE} else _named([*value.values()])
    return []
