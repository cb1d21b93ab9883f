"""Every random number: a pure function of its key, from one counter-based generator.

A draw is uniform(stream, subject, where). stream: the seed and the replication. subject: an item or a worker, by the
names of its segment or pool and its serial number, never by position. where: purpose, stage, round and replica. So
staffing, sampling or a new stage can change and every item keeps its luck.

The generator is Philox4x32-10, whose TestU01 results are published and whose known answers are tested.
Source: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011.

All keys are whole numbers of 63 bits, so that they are int64 everywhere: uint64 with int64 becomes float64 in Numba.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np

from .jit import jit

MASK_63 = (1 << 63) - 1


class Purpose(IntEnum):
    """What a number is drawn for; one purpose never reads another's draws."""

    ARRIVAL = 1  # gap before an item
    TRUTH = 2  # its true class
    DIFFICULTY = 3
    ATTRACTOR = 4  # weight of each wrong label of an item; the replica field counts labels
    POOL = 5  # which pool gets an item at a stage
    SELECTED = 6  # whether an item is reviewed at a stage
    TIME = 7  # service time of a task
    RIGHT = 8  # whether a label is right
    WRONG = 9  # which wrong label it is
    REJECT = 10  # what a review decides
    SPEED = 11  # of a worker
    SKILL = 12  # of a worker
    PREDICTED = 13  # error of an item's predicted difficulty at a stage
    NEXT = 14  # where an item goes after a stage
    HANDOFF = 15  # delay of a task
    ANCHOR = 16  # whether a suggestion is kept unread
    GOLD = 17  # whether a test question comes before a task
    LOT = 18  # which items of a lot are inspected
    RELABEL = 19  # which items a rollback sends back
    DEDUP = 40  # whether dedup drops an item
    REPEATS = 20  # whether an item repeats an earlier one of its segment
    ORIGINAL = 21  # which one
    OBJECTS = 22  # how many objects an item has
    SAMPLED = 23  # whether an item is in its segment's sample
    CHOSEN = 24  # rank of an item in the sample of the whole line
    HARD = 25  # whether an item is one of the hard ones
    GUESS = 26  # the label of a worker who does not look
    ABSENCE = 30  # whether a worker misses a local date
    LEAVING = 31  # how long a worker stays
    SESSION = 32  # gap before a crowd session
    RETURNING = 33  # whether a session is by someone who had one before
    EARLIER = 34  # by whose
    SESSION_TASKS = 35  # how many tasks it is good for
    SPAMMER = 36  # whether a worker answers without looking
    DRIFT = 37  # by how much a worker's skill changes on a date
    SENSITIVITY = 38  # of a worker as a judge
    FALSE_ALARM = 39  # likewise
    SAME = 41  # which class a worker gives who does not look and always gives the same
    PULL = 42  # how much must be on offer for a session to begin
    BEFORE = 44  # whether a label given before the start, and not known, is right
    BEFORE_WRONG = 45  # which wrong label it is
    SKIP = 46  # whether who takes a task leaves it to somebody else
    SKIP_TIME = 47  # how long they look at it
    ANSWER = 48  # how long an answer to a question takes
    CHECK = 49  # how long who gave a label looks it over
    CATCH = 50  # whether they find that it is wrong
    MEND = 51  # whether the label that they then give is right
    MEND_WRONG = 52  # which wrong label it is
    CROWD = 43  # by what factor sessions of a pool come more often in this run


def stream(seed: int, replication: int) -> int:
    """Key of all draws of one replication."""
    return _hash63(f"{seed}/{replication}")


def name_key(name: str) -> int:
    """Key of a named thing: 63 bits of its BLAKE2b hash."""
    return _hash63(name)


def where(purpose: Purpose, stage_key: int = 0, round_: int = 0, replica: int = 0) -> int:
    """Packs the place of a draw. stage_key: name_key of the stage, of which 32 bits are used.  round_: below 256.
    replica: below 65,536; where an item comes to a stage again in a round, 256 times how often it was there before is
    added to it."""
    return (int(purpose) << 56) | ((stage_key & 0xFFFFFFFF) << 24) | (round_ << 16) | replica


@jit
def subject(key: int, serial: int) -> int:
    """Key of the item or worker `serial` of the segment or pool with this name_key (splitmix64's finaliser)."""
    z = np.uint64(key) + np.uint64(serial) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((z ^ (z >> np.uint64(31))) >> np.uint64(1))  # type: ignore[return-value]


@jit
def philox(low: int, high: int, key: int) -> int:
    """First 64 of the 128 bits of Philox4x32-10 at the counter (high, low), as uint64."""
    word = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    c0, c1 = np.uint64(low) & word, np.uint64(low) >> shift
    c2, c3 = np.uint64(high) & word, np.uint64(high) >> shift
    k0, k1 = np.uint64(key) & word, np.uint64(key) >> shift
    for _ in range(10):
        a = np.uint64(0xD2511F53) * c0
        b = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (b >> shift) ^ c1 ^ k0, b & word, (a >> shift) ^ c3 ^ k1, a & word
        k0 = (k0 + np.uint64(0x9E3779B9)) & word
        k1 = (k1 + np.uint64(0xBB67AE85)) & word
    return c0 | (c1 << shift)  # type: ignore[return-value]


@jit
def uniform(stream: int, subject: int, where: int) -> float:
    """A number in the open interval (0, 1)."""
    return unit(philox(subject, where, stream))


@jit
def unit(bits: int) -> float:
    """The upper 52 of 64 bits as an odd multiple of 2^-53: never 0 or 1, so that every quantile is finite."""
    return (np.float64(np.uint64(bits) >> np.uint64(12)) + 0.5) * 2.220446049250313e-16  # 2^-52


def _hash63(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") & MASK_63
