"""Plays made-up people to a real Label Studio and records its export, which tests of the reader use: `make fixtures`.

    python -m servers.record [--keep-fixture]

Then pulls the project with `labelcast calibrate --from label-studio`, by both kinds of tokens, and with what must be
refused, and says what came. --keep-fixture: only that; the recorded export stays as it is.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

from .label_studio import Person, Server, server
from .played import CLASSES, ITEMS, LATE_S, PEOPLE, UNTOUCHED, Answer, answers
from .pulled import check_pulls

HERE = Path(__file__).parent
TRIES = 3

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="kind" toName="text">'
    + "".join(f'<Choice value="{name}"/>' for name in CLASSES)
    + "</Choices></View>"
)


def main(keep: bool) -> None:
    """Starts the server, plays, records, pulls, and ends the server."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    begin = time.monotonic()
    with server() as live:
        print(f"Label Studio {live.version} answers at {live.url} after {time.monotonic() - begin:.0f} s", flush=True)
        people = [live.owner, *(live.invited(f"annotator{number}@example.org") for number in range(1, PEOPLE))]
        project = _played(live, people)
        export = live.owner.send("GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true")
        if not keep:
            path = HERE / f"label_studio_{live.version}_export.json"
            path.write_bytes(export)
            print(f"Recorded: {path.name}, {len(export):,} bytes", flush=True)
        labels = sum(one.label is not None for one in answers())
        check_pulls(live, project, f"{labels} of {len(answers())} rows used")
    print("The server has ended.")


def _played(live: Server, people: list[Person]) -> int:
    """The project to which all was played, in time: of what came late, a busy machine is the cause, not the people."""
    for _ in range(TRIES):
        project = _project(live)
        late = _play(people, _tasks(live, project))
        if late <= LATE_S:
            return project
        print(f"The server was {late:.1f} s behind, and {LATE_S} s is the most: once more", flush=True)
        live.owner.send("DELETE", f"/api/projects/{project}")
    sys.exit(f"The server was too late {TRIES} times. Record when less else is running.")


def _project(live: Server) -> int:
    wanted = {"title": "made up", "label_config": CONFIG, "show_skip_button": True}
    made = live.owner.ask("POST", "/api/projects", wanted)
    return int(made["id"])


def _tasks(live: Server, project: int) -> list[int]:
    """Ids of the project's tasks, in the order of their items."""
    items = [{"data": {"text": f"item {number}"}} for number in range(ITEMS)]
    live.owner.ask("POST", f"/api/projects/{project}/import", items)
    listed = live.owner.ask("GET", f"/api/tasks?project={project}&page_size={ITEMS}")["tasks"]
    return sorted(int(one["id"]) for one in listed)


def _play(people: list[Person], tasks: list[int]) -> float:
    """Answers, at their times; by how many seconds the server was behind at worst."""
    for person in people:
        person.ask("GET", f"/api/tasks/{tasks[-1]}")  # what is asked first takes longer
    late = 0.0
    begin = time.monotonic()
    drafts: dict[tuple[int, int], int] = {}
    made: dict[tuple[int, int], int] = {}
    todo = [(one.begin_s, 0, one) for one in answers() if one.draft]
    todo += [(one.begin_s + one.seconds, 1, one) for one in answers()]
    for moment, step, one in sorted(todo, key=lambda each: (each[0], each[1], each[2].person)):
        time.sleep(max(0.0, begin + moment - time.monotonic()))
        person, task, key = people[one.person], tasks[one.item], (one.person, one.item)
        if step == 0:
            drafts[key] = int(person.ask("POST", f"/api/tasks/{task}/drafts", _draft(one))["id"])
        else:
            draft = {"draft_id": drafts[key]} if one.draft else {}
            made[key] = int(person.ask("POST", f"/api/tasks/{task}/annotations", _annotation(one) | draft)["id"])
        late = max(late, time.monotonic() - begin - moment)
    for one in answers():
        if one.again_s:
            body = {"result": _result(one), "lead_time": one.seconds + one.again_s}
            people[one.person].ask("PATCH", f"/api/annotations/{made[one.person, one.item]}", body)
    left = {"result": _result(answers()[0]), "lead_time": 1.5}
    people[-1].ask("POST", f"/api/tasks/{tasks[ITEMS - UNTOUCHED]}/drafts", left)
    return late


def _annotation(one: Answer) -> dict[str, object]:
    body = {"result": _result(one), "lead_time": one.seconds, "was_cancelled": one.label is None}
    return body | ({"ground_truth": True} if one.truth else {})


def _draft(one: Answer) -> dict[str, object]:
    return {"result": _result(one), "lead_time": 0.0}


def _result(one: Answer) -> list[dict[str, object]]:
    if one.label is None:
        return []
    return [{"from_name": "kind", "to_name": "text", "type": "choices", "value": {"choices": [one.label]}}]


if __name__ == "__main__":
    main("--keep-fixture" in sys.argv[1:])
