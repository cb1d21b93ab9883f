"""Where two scenarios cost the same, of costs that are written down."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from labelcast.reports.breakeven import break_even_json, break_even_text, draw_break_even
from labelcast.scenarios.breakeven import BreakEven, break_even
from labelcast.scenarios.ranges import Range, read_range
from labelcast.sim.statistics import Floats

ITEMS = read_range("work.street.backlog=1_000 items..40_000 items")


def linear(value: float) -> Floats:
    """0.42 each against 0.35 each after 700."""
    return np.array([[0.42 * value] * 3, [700 + 0.35 * value] * 3])


def found(costs: object, over: Range = ITEMS) -> BreakEven:
    return break_even(over, ("a", "b"), "EUR", costs)  # type: ignore[arg-type]


def test_two_linear_tariffs_cross_where_they_must() -> None:
    """700 / (0.42 - 0.35) = 10,000 items, exactly, with an interval of nothing; above it the second is cheaper."""
    (one,) = found(linear).crossings
    assert (one.at, one.low, one.high) == pytest.approx((10_000, 10_000, 10_000), rel=1e-12)
    assert one.then == 1
    told = "At 10,000 items (exactly) both cost the same; above it b costs less than a."
    assert break_even_text(found(linear)).startswith(told)


def test_curves_are_looked_at_more_closely() -> None:
    """A tier that ends at 8,000 items: between the first points the curve bends, and the crossing is found to an item:
    0.5 each against 0.6 up to 8,000 and 0.3 beyond: 0.5 v = 4,800 + 0.3 (v - 8,000) at 12,000."""

    def bent(value: float) -> Floats:
        second = 0.6 * min(value, 8_000) + 0.3 * max(0.0, value - 8_000)
        return np.array([[0.5 * value], [second]])

    (one,) = found(bent).crossings
    assert one.at == pytest.approx(12_000, abs=1)
    assert (one.low, one.high) == (None, None), "one replication has no interval"


@pytest.mark.parametrize(("edge", "beyond"), [(20_000, 0.3), (12_000, 0.39), (21_000, 0.399)])
def test_a_jump_is_found_to_the_item(edge: int, beyond: float) -> None:
    """All units, 0.5 each up to an edge and less beyond it, against 0.4 each: cheaper from the item after the edge on,
    also where the line through the neighbours points far from it."""

    def jump(value: float) -> Floats:
        return np.array([[0.4 * value] * 2, [(0.5 if value <= edge else beyond) * value] * 2])

    (one,) = found(jump).crossings
    assert edge < one.at < edge + 1
    told = f"From {edge + 1:,} items on (exactly) b costs less than a."
    assert break_even_text(found(jump)).startswith(told)


def test_of_whole_things_the_first_that_is_cheaper_is_told() -> None:
    """Costs cross between 5 and 6 people: at 5 the second still costs more."""
    heads = read_range("pools.team.headcount=2..9")
    result = found(lambda value: np.array([[100.0 * value] * 2, [560.0] * 2]), heads)
    assert break_even_text(result).startswith("From 6 on (exactly) b costs less than a.")
    assert "one replication tells no interval" in break_even_text(
        found(lambda value: np.array([[100.0 * value], [560.0]]), heads)
    )


def test_what_drowns_in_its_error_is_looked_at_no_closer() -> None:
    """Where costs bend and their error is 3,000 a crossing is looked at a few times, and without noise to an item."""

    def looks(noise: float) -> int:
        asked: list[float] = []

        def bent(value: float) -> Floats:
            asked.append(value)
            return np.array([0.5 * value + noise * np.array([-1.0, 0.0, 1.0]), [(value / 80) ** 1.8] * 3])

        (one,) = found(bent).crossings
        assert one.then == 0
        return len(asked) - len(ITEMS.points(7))

    assert looks(3_000.0) <= 4
    assert looks(0.0) > 6


def test_two_crossings_are_both_told() -> None:
    """A parabola below zero between 10,000 and 20,000: cheaper there, and dearer on either side."""

    def parabola(value: float) -> Floats:
        return np.array([[0.0] * 2, [(value - 10_000) * (value - 20_000) / 1e6] * 2])

    first, second = found(parabola).crossings
    assert (first.then, second.then) == (1, 0)
    assert (first.at, second.at) == pytest.approx((10_000, 20_000), rel=0.01)


def test_the_interval_covers_the_truth() -> None:
    """60 pairs of noisy tariffs that cross at 10,000: the interval holds it in as many as a binomial of 93% reaches
    with chance 99.9%: a percentile bootstrap of 20 replications is known to lose about two points."""
    inside = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        price = 0.42 + 0.01 * rng.standard_normal(20)

        def costs(value: float, price: Floats = price) -> Floats:
            return np.array([price * value, np.full(20, 700 + 0.35 * value)])

        (one,) = break_even(ITEMS, ("a", "b"), "EUR", costs, points=4).crossings
        assert one.low is not None
        assert one.high is not None
        inside += one.low <= 10_000 <= one.high
    assert inside >= stats.binom.ppf(0.001, 60, 0.93), inside


def test_an_end_that_is_not_in_the_range_is_not_told() -> None:
    """Where noise lets resampled means cross beyond the range, or not at all, the interval has no end there."""

    def near(value: float) -> Floats:
        noise = 800 * np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
        return np.array([0.42 * value + noise, np.full(5, 100 + 0.40 * value)])

    (one,) = found(near).crossings
    assert one.low is None
    assert one.at == pytest.approx(5_000)


def test_where_nothing_crosses_it_is_said() -> None:
    """One is cheaper everywhere; or no difference can be seen."""
    assert "a costs less at all values from 1,000 items to 40,000 items" in break_even_text(
        found(lambda value: np.array([[1.0, 2.0], [10.0, 11.5]]))
    )
    same = found(lambda value: np.array([[1.0, 2.0], [1.0, 2.0]]))
    assert same.crossings == []
    assert "Both cost the same at all values" in break_even_text(same)
    noisy = found(lambda value: np.array([[1.0, 2.0], [1.5, 1.6]]))
    assert "no difference can be seen" in break_even_text(noisy)
    alone = found(lambda value: np.array([[1.0], [2.0]]))
    assert "a costs less at all values" in break_even_text(alone)


def test_plain_data_and_picture() -> None:
    """JSON has every point; the picture names both and the crossing."""
    told = break_even_json(found(linear))
    ends = dict.fromkeys(("at", "low", "high"), pytest.approx(10_000))
    assert told["crossings"] == [{**ends, "jump": None, "cheaper_above": "b"}]
    assert told["varied"] == ["a", "b"]
    assert [point["value"] for point in told["points"]] == sorted(point["value"] for point in told["points"])
    assert "10,000 items" in draw_break_even(found(linear)).svg()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("work.street.backlog", "must be a key and its range"),
        ("a=1 items..2 days", "both ends need one unit"),
        ("a=1 EUR..2 USD", "both ends need one unit"),
        ("a=2 h..30 min", "low < high must hold"),
        ("a=2..1", "low < high must hold"),
        ("a=x..2", "must be a number"),
    ],
)
def test_what_is_no_range_is_refused(text: str, words: str) -> None:
    """With what was found and how to mend it."""
    with pytest.raises(ValueError, match=words):
        read_range(text)


def test_values_are_written_as_the_file_would() -> None:
    """Whole numbers stay whole, percentages keep their sign, and one unit does for both ends."""
    assert ITEMS.points(3) == [1_000.0, 6_000.0, 40_000.0]
    assert ITEMS.text(6_325.0) == "6325 items"
    price = read_range("pools.team.pay.per_label=0.04 EUR..0.08 EUR")
    assert [price.text(one) for one in price.points(4)] == ["0.04 EUR", "0.055 EUR", "0.065 EUR", "0.08 EUR"]
    assert read_range("work.street.backlog=1e3 items..1000.0e1 items").whole
    assert not read_range("pools.team.speed.factor=1.0..2.0").whole
    share = read_range("stages.review.fraction=10..20%")
    assert share.points(3) == [10.0, 15.0, 20.0]
    assert share.text(12.5) == "12.5%"
    time = read_range("stages.annotate.time = 20.5 s .. 40 s")
    assert (time.path, time.text(30.25)) == ("stages.annotate.time", "30.25 s")


@pytest.mark.parametrize(
    ("over", "points"),
    [
        ("pools.vendor.pay.per_label=0.30 EUR..1.50 EUR", [0.3, 0.4, 0.5, 0.68, 0.9, 1.15, 1.5]),
        ("work.street.backlog=10_000 items..200_000 items", [10e3, 16e3, 28e3, 45e3, 75e3, 120e3, 200e3]),
        ("pools.team.headcount=2..9", [2, 3, 4, 5, 7, 9]),
        ("pools.team.speed.factor=0.5..1.75", [0.5, 0.7, 0.9, 1.1, 1.35, 1.55, 1.75]),
    ],
)
def test_values_between_the_ends_are_round(over: str, points: list[float]) -> None:
    """As a person would choose them, apart by about equal steps or factors."""
    assert read_range(over).points(7) == pytest.approx(points, rel=1e-12)


def test_values_that_close_in_are_round() -> None:
    """A price at which 1,409 labels cost 1,000 EUR is no round one, but the line between round neighbours has it to the
    last digit."""
    price = read_range("pools.a.pay.per_label=0.30 EUR..1.50 EUR")
    result = found(lambda value: np.array([[1_409.0 * value] * 3, [1_000.0] * 3]), price)
    (one,) = result.crossings
    assert one.at == pytest.approx(1_000 / 1_409, rel=1e-12)
    assert one.jump is None
    assert max(len(f"{value:.6g}".replace(".", "").lstrip("0")) for value in result.values) <= 5, result.values
    assert "(in every replication)" in break_even_text(result)


def test_units_of_one_kind_may_differ() -> None:
    """30 min to 2 h are 30 min to 120 min; one item is the unit of many."""
    time = read_range("stages.annotate.time=30 min..2 h")
    assert (time.low, time.high, time.unit) == (30, 120, "min")
    assert [time.text(one) for one in time.points(4)] == ["30 min", "60 min", "90 min", "120 min"]
    items = read_range("work.street.backlog=1 item..20 items")
    assert (items.unit, items.whole) == ("items", True)


def test_a_jump_of_a_key_that_is_continuous_is_no_exact_crossing() -> None:
    """A bonus that falls due from 92.34% on: the costs jump somewhere between two values that were looked at, and no
    more is said, however well replications agree or not."""
    share = read_range("stages.review.fraction=50.0%..100.0%")

    def jump(value: float, noise: float = 0.0) -> Floats:
        return np.array([[100.0] * 3, np.array([-noise, 0.0, noise]) + (120.0 if value < 92.34 else 90.0)])

    for noise in (0.0, 2.0):
        result = found(lambda value, noise=noise: jump(value, noise), share)
        (one,) = result.crossings
        assert one.jump is not None
        before, after = one.jump
        assert before < 92.34 <= after < before + 0.02
        told = break_even_text(result)
        assert f"From {share.text(after)} on b costs less than a: costs jump, and at {share.text(before)} it" in told
        assert "exactly" not in told
        assert "every replication" not in told


def test_a_bend_is_no_jump() -> None:
    """Where a tariff turns steeper just where it crosses."""
    price = read_range("pools.a.pay.per_label=1.0 EUR..2.0 EUR")
    result = found(
        lambda value: np.array([[100.0] * 2, [100 + 50 * max(value - 1.5, 0) - 10 * max(1.5 - value, 0)] * 2]), price
    )
    assert [one.jump for one in result.crossings] == [None]


def test_a_crossing_has_the_digits_that_its_interval_bears() -> None:
    """0.8497.. EUR with an interval of 0.23 EUR is 0.85 EUR; the plain data have all digits."""
    price = read_range("pools.a.pay.per_label=0.30 EUR..1.50 EUR")

    def costs(value: float) -> Floats:
        return np.array([1_409.0 * value + np.array([-150.0, -40.0, 30.0, 160.0]), [1_197.0] * 4])

    told = break_even_text(found(costs, price)).splitlines()[0]
    assert told == "From 0.85 EUR on (95% interval: 0.77 EUR to 0.92 EUR) b costs less than a."
