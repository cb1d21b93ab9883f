"""SageMaker Ground Truth's worker responses: a JSON file for each labelling of an object, in a tree of folders.

Give the folder, or a zip archive of it, that holds annotations/worker-response/iteration-N/OBJECT/STAMP.json; of a
whole bucket only these files are read. Read, and how sure we are (the developer guide's page on output data,
VERIFIED-DOC; no real file could be had): the folder OBJECT -> item, with the job's name before it where the path
tells one (the folder that holds annotations/), which is the project too; answers[] -> one judgement each: workerId ->
worker; acceptanceTime -> started_at; submissionTime -> submitted_at; timeSpentInSeconds -> active_seconds (without
breaks); answerContent -> an answer by its key: the label or labels in it, a text or a number, or of several ticks
those that are true (its forms are of the sister product's page, UNVERIFIED here); drawings are no answers.
Missing in the export: when objects were posted, skips (the work log in CloudWatch has them), reviewers, known truths,
an id of the judgement, tasks accepted and not submitted, and the time limit, which is a setting of the job. A
verification or adjustment job is a job of its own: its responses are read as any others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from .canonical import Told
from .documents import text_of
from .files import File
from .sheet import gathered

NAME = "sagemaker"
TITLE = "SageMaker Ground Truth worker responses"
WORDS = {
    "item": "folder of the object",
    "worker": "workerId",
    "started_at": "acceptanceTime",
    "submitted_at": "submissionTime",
}


@dataclass(frozen=True, eq=False)
class Response:
    """One file and what is in it."""

    file: File
    record: Mapping[str, Any]


def shows(record: Mapping[str, Any]) -> bool:
    """Whether a record is what workers answered of one object."""
    answers = record.get("answers")
    first = answers[0] if isinstance(answers, list) and answers else None
    return isinstance(first, dict) and "workerId" in first and "submissionTime" in first


def told(responses: Sequence[Response]) -> Told:
    """The answers of one folder or archive, or of files that stand alone, in our names; a row is a file."""
    lost: dict[str, list[int]] = {}
    archive = responses[0].file.archive
    names = tuple(one.file.name.removeprefix(f"{archive}/") for one in responses)
    digest = hashlib.sha256("".join(one.file.sha256 for one in responses).encode()).hexdigest()
    alone = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    sheet = gathered(archive or alone, digest, _rows(responses, lost), [], NAME, lost)
    sheet = replace(sheet, unit="file", within=names if archive else ())
    answers = tuple(name for name in sheet.header if name.startswith("Answer."))
    notes = ("Of a Ground Truth bucket only the files under worker-response/ are read.",)
    return Told(sheet, WORDS, answers, {}, notes if archive else ())


def _rows(responses: Sequence[Response], lost: dict[str, list[int]]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, response in enumerate(responses, start=1):
        answers = response.record.get("answers")
        if not shows(response.record) or not isinstance(answers, list):
            lost.setdefault("no answers of workers in the file", []).append(number)
            continue
        for answer in answers:
            if isinstance(answer, dict):
                yield number, _row(answer, *_object(response.file.place))
            else:
                lost.setdefault("an answer that is no JSON object", []).append(number)


def _object(place: str) -> tuple[str, str]:
    """(job, item) of a file's path: the folder that holds annotations/, blank where none does, and the file's own."""
    folders = PurePosixPath(place).parent.parts
    at = folders.index("annotations") if "annotations" in folders else 0
    job = folders[at - 1] if at > 0 else ""
    own = folders[-1] if folders else ""
    return job, f"{job}/{own}" if job and own else own


def _row(answer: Mapping[str, Any], job: str, item: str) -> dict[str, str]:
    row = {
        "project": job,
        "item": item,
        "worker": text_of(answer.get("workerId")),
        "started_at": text_of(answer.get("acceptanceTime")),
        "submitted_at": text_of(answer.get("submissionTime")),
        "active_seconds": text_of(answer.get("timeSpentInSeconds")),
    }
    content = answer.get("answerContent")
    return row | (_answers(content) if isinstance(content, dict) else {})


def _answers(content: Mapping[str, Any]) -> dict[str, str]:
    """What was chosen or written, by its key."""
    out = {}
    for key, value in content.items():
        if isinstance(value, dict):
            ticks = [name for name, ticked in value.items() if ticked is True]
            if value and all(isinstance(ticked, bool) for ticked in value.values()):
                value = ticks
            else:
                value = value.get("label", value.get("labels"))
        if isinstance(value, str | int | float) or (isinstance(value, list) and _plain(value)):
            out[f"Answer.{text_of(key)}"] = text_of(value)
    return out


def _plain(values: Sequence[Any]) -> bool:
    return all(isinstance(one, str | int | float) for one in values)
