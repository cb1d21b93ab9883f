"""People who answer without looking: how many they are, who they are, and what they do."""

from __future__ import annotations

import math

import pytest
from flows import NO, annotate, backlog, line_of, people, review, rows, simulate

from labelcast.sim.draws import Purpose, name_key, stream, subject, uniform, where
from labelcast.sim.line import Answers, Epoch, Gold, Line, Pool, Segment, Spammers

CLASSES = {"a": 0.7, "b": 0.2, "c": 0.1, "d": 0.0}


def crowd(share: float, workers: int, items: int, answers: Answers = "any", **more: object) -> Line:
    """Items of four classes, one of which none is, and people who are never wrong if they look."""
    pool = people("annotators", workers, spammers=Spammers(share, answers))
    return line_of(items, (annotate(60),), pool, segments=backlog(items, classes=CLASSES), **more)


def wrong(line: Line) -> dict[int, list[str]]:
    """Wrong labels by worker, of those who gave any."""
    log = simulate(line)
    truth = dict(zip(log.items["item"], log.items["truth"].astype(str), strict=True))
    given: dict[int, list[str]] = {}
    for item, worker, label in rows(log, "item", "worker", "label"):
        if label != truth[item]:
            given.setdefault(worker, []).append(str(label))
    return given


def test_spammers_are_a_share_of_the_people_and_any_class_is_as_likely() -> None:
    """Of 1,000 people a quarter do not look, and of their 8 labels each is right with chance 1 / 4 whatever the class:
    who looks is never wrong, a spammer is not seen with chance 4^-8, and errors fall on labels as 1 - share of the
    class, over 3. 4 standard errors."""
    found = wrong(crowd(0.25, 1000, 8000))
    seen = 0.25 * (1 - 0.25**8)
    assert abs(len(found) / 1000 - seen) < 4 * math.sqrt(seen * (1 - seen) / 1000)
    errors = [label for labels in found.values() for label in labels]
    labels = 8 * len(found)
    assert abs(len(errors) / labels - 0.75) < 4 * math.sqrt(0.75 * 0.25 / labels)
    for name, share in CLASSES.items():
        expected = (1 - share) / 3
        assert abs(errors.count(name) / len(errors) - expected) < 4 * math.sqrt(expected * (1 - expected) / len(errors))


def test_staffing_and_a_larger_share_make_no_spammer_honest() -> None:
    """Who does not look among 60 people does not look among 120 either, nor where more do not; with 40 labels each,
    nobody who does not look goes unseen (4^-40)."""
    few, more_people, more = (set(wrong(crowd(*plan))) for plan in ((0.2, 60, 2400), (0.2, 120, 4800), (0.5, 60, 2400)))
    assert 4 <= len(few) <= 20
    assert few == {worker for worker in more_people if worker < 60}
    assert few < more


def test_a_change_of_the_share_is_felt_from_its_date() -> None:
    """Nobody spams in the first hour, all do from then on."""
    line = crowd(0.0, 20, 2400, epochs=(Epoch(3600.0, pools=(people("annotators", 20, spammers=Spammers(1.0)),)),))
    log = simulate(line)
    truth = log.items.set_index("item")["truth"].astype(str)
    right = log.tasks["label"].astype(str).to_numpy() == truth[log.tasks["item"]].to_numpy()
    late = log.tasks["finished_at"].to_numpy() > 3_600_000
    assert right[~late].all()
    assert abs(right[late].mean() - 0.25) < 4 * math.sqrt(0.1875 / late.sum())


@pytest.mark.parametrize("effects", [{}, NO])
def test_reviewers_who_do_not_look_reject_anything_as_often(effects: dict[str, float]) -> None:
    """Right labels and wrong ones are rejected with chance false_alarm by a pool of spammers, whatever its sensitivity
    and the difficulty of the items. 4 standard errors of 2,000."""
    pools = (
        people("annotators", 5, class_effects=effects),
        Pool("reviewers", 5, "always", sensitivity=1.0, false_alarm=0.2, skill_sd=3.0, spammers=Spammers(1.0)),
    )
    line = line_of(2000, (annotate(to="review"), review()), *pools, segments=backlog(2000, difficulty_sd=1.0))
    outcome = simulate(line).tasks
    outcome = outcome[outcome["stage"] == "review"]["outcome"].astype(str)
    assert abs((outcome != "accepted").mean() - 0.2) < 4 * math.sqrt(0.16 / len(outcome))


def test_test_questions_find_them() -> None:
    """Where who is right on fewer than 70% of ten test questions goes home, all spammers go and nobody else: a spammer
    passes with a chance of 0.4% (seven of ten at 1 / 4)."""
    pool = people("annotators", 40, spammers=Spammers(0.25))
    rule = Gold(0.5, ban_below=0.7, after=10)
    stages = (annotate(60, gold=rule),)
    line = line_of(4000, stages, pool, segments=backlog(4000, classes=CLASSES))
    spammers = set(wrong(line))
    log = simulate(line)
    last = log.tasks.groupby("worker")["finished_at"].max()
    gone = set(last[last < 0.8 * last.max()].index)
    assert 3 <= len(spammers) <= 20
    assert gone == spammers


def place(number: int, classes: int) -> int:
    """Which place in a list of classes a person of the first pool always gives, asked by hand."""
    key = subject(name_key("pool 0"), number)
    return int(uniform(stream(1, 0), key, where(Purpose.SAME)) * classes)


def test_each_who_always_gives_one_class_gives_their_own() -> None:
    """Who answers the same gives the class of a draw of their own, each of the four as likely: over 2,000 people, 4
    standard errors. Of four labels none is right with chance (1 - share of the class)^4."""
    found = wrong(crowd(1.0, 2000, 8000, "same"))
    assert all(set(labels) == {list(CLASSES)[place(number, 4)]} for number, labels in found.items())
    for at, share in enumerate(CLASSES.values()):
        seen = sum(place(number, 4) == at for number in found)
        expected = 0.25 * (1 - share**4)
        assert abs(seen / 2000 - expected) < 4 * math.sqrt(expected * (1 - expected) / 2000)


def test_who_does_not_look_is_the_same_person_whatever_they_answer() -> None:
    """The people of a share that answers any class are those of the share that answers the same, and twice the staff
    makes none of them another: with 40 labels of each, nobody goes unseen but who gives the class that all are of."""
    any_, same = (set(wrong(crowd(0.2, 60, 2400, answers))) for answers in ("any", "same"))
    more = wrong(crowd(0.2, 120, 4800, "same"))
    assert 4 <= len(same) <= 20
    assert any_ == same == {number for number in more if number < 60}
    assert {number: labels[0] for number, labels in wrong(crowd(0.2, 60, 2400, "same")).items()} == {
        number: labels[0] for number, labels in more.items() if number < 60
    }


def test_the_same_answer_is_a_place_in_the_segments_list() -> None:
    """In a segment of other classes, or of as many in another order, each gives what stands in their place."""
    lists = {"one": ("a", "b", "c"), "other": ("c", "b", "a"), "few": ("a", "d")}
    segments = tuple(
        Segment(name, backlog=100, classes=dict.fromkeys(names, 1 / len(names))) for name, names in lists.items()
    )
    pool = people("annotators", 10, spammers=Spammers(1.0, "same"))
    log = simulate(line_of(300, (annotate(60),), pool, segments=segments))
    kind = dict(zip(log.items["item"], log.items["segment"].astype(str), strict=True))
    for item, number, label in rows(log, "item", "worker", "label"):
        names = lists[kind[item]]
        assert label == names[place(number, len(names))]


def test_from_a_date_on_they_answer_the_same() -> None:
    """Whoever gave any class in the first hour gives their own class from then on."""
    epoch = Epoch(3600.0, pools=(people("annotators", 20, spammers=Spammers(1.0, "same")),))
    given: dict[int, list[str]] = {}
    names = list(CLASSES)
    for number, finished, label in rows(
        simulate(crowd(1.0, 20, 2400, epochs=(epoch,))), "worker", "finished_at", "label"
    ):
        if finished <= 3600.0:
            given.setdefault(number, []).append(str(label))
        else:
            assert label == names[place(number, 4)]
    assert all(len(set(labels)) > 1 for labels in given.values())


@pytest.mark.parametrize("effects", [{}, NO])
def test_reviewers_who_answer_the_same_accept_everything(effects: dict[str, float]) -> None:
    """No label is rejected, though who looks would reject all."""
    judges = Pool("reviewers", 5, "always", sensitivity=1.0, false_alarm=1.0, spammers=Spammers(1.0, "same"))
    pools = (people("annotators", 5, class_effects=effects), judges)
    line = line_of(100, (annotate(to="review"), review()), *pools, segments=backlog(100))
    assert {outcome for (outcome,) in rows(simulate(line), "outcome", stage="review")} == {"accepted"}


def test_test_questions_do_not_find_who_gives_what_most_items_are() -> None:
    """Where nine of ten items are a, and who is right on fewer than half of twenty questions goes home, those who
    always say b or c go, and who says a stays (right on half or more with chance 1 - 10^-5)."""
    pool = people("annotators", 60, spammers=Spammers(0.5, "same"))
    stages = (annotate(60, gold=Gold(0.5, ban_below=0.5, after=20)),)
    line = line_of(6000, stages, pool, segments=backlog(6000, classes={"a": 0.9, "b": 0.05, "c": 0.05}))
    log = simulate(line)
    last = log.tasks.groupby("worker")["finished_at"].max()
    gone = set(last[last < 0.8 * last.max()].index)
    blind = set(wrong(line))
    assert gone == {number for number in blind if place(number, 3) > 0}
    assert 5 < len(gone) < len(blind)
