"""What three made-up people do in a project of Label Studio: seeded, so that the server plays it and tests know it."""

from __future__ import annotations

import random
from dataclasses import dataclass

SEED = 20_261_129
PEOPLE = 3
"""The owner of the project is the first; the others sign up by invitation."""

ITEMS = 18
UNTOUCHED = 2
"""The last items are annotated by nobody; the first of these keeps a draft that is never submitted."""

CLASSES = ("bus", "car", "truck")
SKIPPED = 0.12
DRAFTED = 0.35
RIGHT = 0.85
MEDIAN_S, SIGMA = 1.2, 0.5
"""Seconds an answer; they really pass while the server is played to, so no task takes as long as at work."""

PAUSE_S = 0.3
LATE_S = 1.0
"""A recording is good if no answer reached the server later than this."""

TRUTH_EVERY = 6
"""The owner marks every so many of their answers as the ground truth."""


@dataclass(frozen=True)
class Answer:
    """One person's work on one item. begin_s, seconds: when it begins, and how long it takes.  label: None where the
    task is skipped.  draft: a draft is kept at the beginning.  truth: marked as ground truth.  again_s: by so much the
    lead time grows when the task is opened again, 0 where it is not."""

    person: int
    item: int
    begin_s: float
    seconds: float
    label: str | None
    draft: bool
    truth: bool
    again_s: float


def answers() -> tuple[Answer, ...]:
    """All answers, in the order in which they are submitted."""
    luck = random.Random(SEED)
    classes = [luck.choice(CLASSES) for _ in range(ITEMS)]
    found = []
    for person in range(PEOPLE):
        clock = 0.2 + 0.05 * person
        for item in range(ITEMS - UNTOUCHED):
            seconds = round(MEDIAN_S * luck.lognormvariate(0, SIGMA), 3)
            right = luck.random() < RIGHT
            label = classes[item] if right else luck.choice([one for one in CLASSES if one != classes[item]])
            draft = luck.random() < DRAFTED
            truth = person == 0 and item % TRUTH_EVERY == 0
            skipped = luck.random() < SKIPPED and not truth
            again = 5_000.0 if (person, item) == (1, 3) else 0.0
            told = None if skipped and not again else label
            found.append(Answer(person, item, round(clock, 3), seconds, told, draft and told is not None, truth, again))
            clock += seconds + PAUSE_S
    return tuple(sorted(found, key=lambda one: (one.begin_s + one.seconds, one.person)))
