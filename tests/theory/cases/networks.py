"""Several stages: open networks with feedback, closed ones, and limits on what is in progress."""

from __future__ import annotations

import dataclasses

from lines import exponential, queue

from labelcast.sim.line import DELIVER, Line, Pool, Segment, Stage

from ..case import Case, Quantity, case
from ..measures import inside_at, number_at, throughput, time_in_line, visits_to
from ..oracles import networks, single
from .parts import ITEMS, PER_WEEK, RATE, network, work
from .stations import SLOWER

SHORT = "the way of an item ends at the first stage that may deliver it"


@case("networks: Jackson, three stages with ways back")
def _jackson() -> Case:
    means, servers = [30.0, 90.0, 40.0], [1, 3, 2]
    ways = [[0.0, 0.7, 0.3], [0.2, 0.0, 0.5], [0.1, 0.2, 0.0]]
    line = network(
        (
            work("a", exponential(means[0]), (("b", 0.7), ("c", 0.3))),
            work("b", exponential(means[1]), (("a", 0.2), ("c", 0.5), (DELIVER, 0.3))),
            work("c", exponential(means[2]), (("a", 0.1), ("b", 0.2), (DELIVER, 0.7))),
        ),
        dict(zip("abc", servers, strict=True)),
        ITEMS // 2,
    )
    visits = networks.traffic([RATE, 0.0, 0.0], ways)
    numbers = networks.jackson([RATE, 0.0, 0.0], ways, servers, means)
    each = [
        quantity
        for name, rate, number in zip("abc", visits, numbers, strict=True)
        for quantity in (
            Quantity(f"visits to {name} an item", "", rate / RATE, visits_to(name)),
            Quantity(f"mean number at {name}", "items", number, number_at(name)),
        )
    ]
    whole = Quantity("mean time in the line", "s", sum(numbers) / RATE, time_in_line())
    return Case(line, (*each, whole), (SHORT, SLOWER))


def reviewed(reject: float, rounds: int, items: int) -> Line:
    """Annotate, review, and back: rejections hang on nothing, anybody reworks."""
    stages = (
        Stage(
            "annotate", "annotate", (("annotators", 1.0),), exponential(60), {"labelled": "review", "tied": "review"}
        ),
        Stage(
            "review",
            "review",
            (("reviewers", 1.0),),
            exponential(30),
            {"accepted": DELIVER, "rejected": "annotate", "exhausted": DELIVER},
            rounds=rounds,
        ),
    )
    stages = (dataclasses.replace(stages[0], rework_by="anyone"), stages[1])
    pools = (
        Pool("annotators", 2, "always"),
        Pool("reviewers", 1, "always", sensitivity=reject, false_alarm=reject),
    )
    return queue(1, PER_WEEK, items, exponential(60), pools=pools, stages=stages, first="annotate")


@case("networks: annotate and review with rework (Jackson)")
def _rework() -> Case:
    """Rework goes before new work, which changes no mean, since all tasks of a stage take alike."""
    reject = 0.25
    line = reviewed(reject, 30, ITEMS * 3 // 4)
    visits = 1 / (1 - reject)
    numbers = networks.jackson([RATE, 0.0], [[0.0, 1.0], [reject, 0.0]], [2, 1], [60.0, 30.0])
    return Case(
        line,
        (
            Quantity("reviews an item", "", visits, visits_to("review")),
            Quantity("mean number at annotate", "items", numbers[0], number_at("annotate")),
            Quantity("mean number at review", "items", numbers[1], number_at("review")),
        ),
        ("every verdict is an acceptance", SLOWER),
    )


@case("networks: a tandem of M/M/2 and M/M/1 (Burke)")
def _tandem() -> Case:
    """The departures of the first are a Poisson stream, so the second is M/M/1."""
    line = network(
        (work("a", exponential(80), "b"), work("b", exponential(36), DELIVER)), {"a": 2, "b": 1}, ITEMS * 3 // 4
    )
    return Case(
        line,
        (
            Quantity("mean number at a", "items", single.mmc_number(2, RATE, 80.0), number_at("a")),
            Quantity("mean number at b", "items", single.mmc_number(1, RATE, 36.0), number_at("b")),
        ),
        (SLOWER,),
    )


@case("networks: machine repair, M/M/2 with 7 machines")
def _repair() -> Case:
    """A line that holds 7 items, with a long backlog before it: they run, break, are repaired and run again."""
    run, fix, machines = 300.0, 80.0, 7
    line = network((work("run", exponential(run), "fix"), work("fix", exponential(fix), DELIVER)), {"run": 7, "fix": 2})
    rate, numbers = networks.closed(machines, [run, fix], [machines, 2])
    return Case(
        dataclasses.replace(line, segments=(Segment("items", backlog=10_000),), wip=machines),
        (
            Quantity("repairs a second", "1/s", rate, throughput),
            Quantity("mean number broken", "items", numbers[1], inside_at("fix")),
        ),
        (SLOWER, "the line holds one item more than it may"),
    )


@case("networks: a closed circle of three stages, 5 items (Buzen)")
def _circle() -> Case:
    means, servers = [40.0, 60.0, 90.0], [1, 1, 2]
    names = ("a", "b", "c")
    stages = tuple(
        work(name, exponential(mean), after)
        for name, mean, after in zip(names, means, ("b", "c", DELIVER), strict=True)
    )
    line = network(stages, dict(zip(names, servers, strict=True)))
    rate, numbers = networks.closed(5, means, servers)
    each = (
        Quantity(f"mean number at {name}", "items", number, inside_at(name))
        for name, number in zip(names, numbers, strict=True)
    )
    return Case(
        dataclasses.replace(line, segments=(Segment("items", backlog=10_000),), wip=5),
        (Quantity("items a second", "1/s", rate, throughput), *each),
        (SLOWER, "the line holds one item more than it may"),
    )


@case("networks: M/M/1 twice, 3 items at the second or on the way to it")
def _blocking() -> Case:
    """Nobody starts a task that leads to a full stage."""
    means = (24.0, 30.0)
    line = network(
        (work("a", exponential(means[0]), "b"), work("b", exponential(means[1]), DELIVER, wip=3)),
        {"a": 1, "b": 1},
        ITEMS * 3 // 4,
    )
    numbers = networks.blocking_tandem(RATE, means, 3, 200)
    return Case(
        line,
        (
            Quantity("mean number at a", "items", numbers[0], number_at("a")),
            Quantity("mean number at b", "items", numbers[1], number_at("b")),
        ),
        ("no stage is ever full", SLOWER),
    )


@case("networks: M/M/1 twice, 3 items in the line")
def _limited() -> Case:
    """Others wait before the line."""
    means = (24.0, 30.0)
    line = network(
        (work("a", exponential(means[0]), "b"), work("b", exponential(means[1]), DELIVER)),
        {"a": 1, "b": 1},
        ITEMS * 3 // 4,
    )
    outside, inside = networks.limited_tandem(RATE, means, 3, 200)

    def in_line(log: object) -> float:
        return number_at("a")(log) + number_at("b")(log)  # type: ignore[arg-type]

    return Case(
        dataclasses.replace(line, wip=3),
        (
            Quantity("mean time from arrival to delivery", "s", (outside + inside) / RATE, time_in_line()),
            Quantity("mean number in the line", "items", inside, in_line),
        ),
        ("the line holds one item more than it may", SLOWER),
    )


@case("networks: M/G/infinity, a hand-off before a station")
def _handoff() -> Case:
    """A random hand-off delays everybody on their own: the departures are Poisson, so what follows is M/M/1."""
    line = network((work("a", exponential(36), DELIVER, handoff=exponential(120)),), {"a": 1}, ITEMS * 3 // 4)
    wait = single.mmc_wait(1, RATE, 36.0)
    return Case(
        line,
        (
            Quantity("mean time in the line", "s", 120 + wait + 36, time_in_line()),
            Quantity("mean number at a", "items", RATE * (wait + 36), number_at("a")),
        ),
        (SLOWER,),
    )
