"""The generator and its keys."""

import numpy as np
import pytest
from scipy import stats

from labelcast.sim.draws import Purpose, name_key, philox, stream, subject, uniform, unit, where

FULL = 0xFFFFFFFFFFFFFFFF


@pytest.mark.parametrize(
    ("low", "high", "key", "expected"),
    [
        (0, 0, 0, 0xE169C58D_6627E8D5),
        (FULL, FULL, FULL, 0x41C83B0E_408F276D),
        (0x85A308D3_243F6A88, 0x03707344_13198A2E, 0x299F31D0_A4093822, 0x94FDCCEB_D16CFE09),
    ],
)
def test_philox_gives_the_published_answers(low: int, high: int, key: int, expected: int) -> None:
    """Known answers of philox4x32-10, from the kat_vectors file of the Random123 distribution."""
    assert int(philox(np.uint64(low), np.uint64(high), np.uint64(key))) == expected


def test_uniform_is_uniform_and_independent_across_keys() -> None:
    """Neighbouring items, places and replications give uniform, uncorrelated draws. Fixed keys, so no false alarms
    beyond this one look: each of the three tests has a chance of one in a thousand to fail a true generator."""
    key, first = name_key("items"), stream(1, 0)
    place = where(Purpose.TIME, name_key("annotate"))
    draws = np.array(
        [[uniform(stream(1, r), subject(key, i), place + p) for p in range(4)] for r in range(5) for i in range(500)]
    )
    assert stats.kstest(draws.ravel(), "uniform").pvalue > 0.001
    correlation = np.corrcoef(draws.T)[np.triu_indices(4, 1)]
    assert np.abs(correlation).max() < 4.0 / np.sqrt(len(draws))
    lagged = np.array([uniform(first, subject(key, i), place) for i in range(2001)])
    assert abs(np.corrcoef(lagged[:-1], lagged[1:])[0, 1]) < 3.3 / np.sqrt(2000)


def test_every_purpose_stage_round_and_replica_has_its_own_place() -> None:
    """No two places of an item share a draw."""
    stages = [name_key(name) for name in ("annotate", "review", "adjudicate")]
    places = [
        where(purpose, stage, round_, replica)
        for purpose in Purpose
        for stage in stages
        for round_ in (0, 1, 255)
        for replica in (0, 1, 65_535)
    ]
    assert len(set(places)) == len(places)
    assert all(0 <= place < 1 << 63 for place in places)


def test_a_draw_never_reaches_zero_or_one() -> None:
    """The extreme words give 2^-53 and 1 - 2^-53: every quantile of them is finite. (With 53 bits and a half, the
    highest word would round to 1.)"""
    assert unit(np.uint64(0)) == 2.0**-53
    assert unit(np.uint64(FULL)) == 1.0 - 2.0**-53


def test_seed_replication_and_name_change_every_draw() -> None:
    """One more seed, replication or letter in a name is a new stream."""
    keys = {(stream(s, r), name_key(n)) for s in (1, 2) for r in (0, 1) for n in ("a", "b")}
    assert len({uniform(s, subject(n, 7), where(Purpose.TIME)) for s, n in keys}) == 8


def test_purposes_differ() -> None:
    """A number given to two purposes would make one of them a name of the other, and their draws the same."""
    assert len(Purpose.__members__) == len(set(Purpose))
