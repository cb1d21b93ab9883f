"""The map of what holds a line up tells what the bottleneck command found."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from labelcast.reports import style
from labelcast.reports.assumptions import calendar_words
from labelcast.reports.lead.stage_map import draw_stage_map, gain_words, stage_map, stage_map_words
from labelcast.reports.pages import lead_page
from labelcast.scenarios.bottleneck import RANKED, Effects
from labelcast.sim.binding import Held
from labelcast.sim.levers import Lever
from labelcast.sim.paired import Claim
from labelcast.sim.replicate import Runs
from labelcast.sim.statistics import Difference

SEEN, UNSEEN = Difference(312.0, 271.0, 353.0, 0.0), Difference(9.0, -35.0, 53.0, 0.6)


def effects(runs: Runs) -> Effects:
    """Effects made by hand: a person more at the first pool is not seen to help, at the second it is."""
    pools = [pool.name for pool in runs.line.pools]
    levers = tuple(Lever("person", pool, lambda line: line) for pool in pools)
    claims = {
        (0, RANKED): Claim(UNSEEN, 0.7, -40.0, 58.0, False),
        (1, RANKED): Claim(SEEN, 0.001, 260.5, 363.5, True),
    }
    held = {stage.name: Held(0.1 + 0.3 * k, 0.05) for k, stage in enumerate(runs.line.stages)}
    return Effects(runs, levers, claims, {}, held)


def test_the_map_is_of_the_kpis_and_the_claims(one: Runs) -> None:
    """Queues and utilisation are KPIs, gains the claims with their joint intervals, held the shifting bottleneck's."""
    first, second = stage_map(effects(one))
    assert (first.stage, second.stage) == ("annotate", "review")
    assert first.queue == one.kpis["queue.annotate"].mean()
    assert second.pools[0].utilisation == np.mean(one.kpis["utilisation.reviewers"])
    assert (first.held, second.held) == pytest.approx((0.15, 0.45))
    assert (first.first, second.first) == (False, True)
    (annotators,), (reviewers,) = first.pools, second.pools
    assert (annotators.gain, annotators.low, annotators.high, annotators.seen) == (9.0, -40.0, 58.0, False)
    assert (reviewers.gain, reviewers.low, reviewers.high, reviewers.seen) == (312.0, 260.5, 363.5, True)


def test_what_cannot_be_seen_is_not_claimed(one: Runs) -> None:
    """A gain stands with its sign only where its interval leaves zero out."""
    first, second = stage_map(effects(one))
    assert gain_words(second.pools[0]) == "+312 (260 to 364)"
    assert gain_words(first.pools[0]).startswith("nothing seen, ")
    told = stage_map_words(effects(one))
    assert "reviewers busy 80%, +312 (260 to 364) items a week with one more" in told
    assert "it held the line up in 45% of waiting hours" in told


def test_a_lead_is_told_what_nobody_stated(one: Runs) -> None:
    """Of the people who hold the line up, and of them alone, what says how much they get done; and when they work."""
    paths = ("pools.reviewers.shrinkage", "pools.reviewers.reviewing", "pools.annotators.shrinkage")
    runs = replace(one, line=replace(one.line, assumed=paths))
    page = lead_page(runs, effects(runs))
    (told,) = (each for each in page.cautions if each.startswith("The bottleneck hangs on what nobody stated"))
    ours = "shrinkage, 0.0% of on-shift time is not spent on tasks"
    assert told == f"The bottleneck hangs on what nobody stated of reviewers: {ours}."
    assert not [each for each in lead_page(one, effects(one)).cautions if "nobody stated" in each]
    (waits,) = (each for each in page.pictures if each.name == "wait-parts")
    calendars = {each.name: calendar_words(each) for each in one.line.calendars}
    annotators, reviewers = (calendars[pool.calendar] for pool in one.line.pools)
    assert waits.caption.endswith(f" On shift: annotators {annotators}; reviewers {reviewers}.")
    (longest,) = (each for each in page.more if each.startswith("Longest wait: "))
    stage = max(("annotate", "review"), key=lambda name: one.kpis[f"wait_h.{name}"].mean())
    pool = {"annotate": f"annotators {annotators}", "review": f"reviewers {reviewers}"}[stage]
    assert f" h a task at {stage}: " in longest
    assert " as nobody is at work" in longest or " as everybody is busy" in longest
    assert longest.endswith(f"; on shift: {pool}.")


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_it_is_drawn_with_whatever_names(hostile: list[Runs], width: int) -> None:
    """Equal bytes for equal effects, no name is markup; a gain of thousands is not cut on a phone."""
    for runs in hostile:
        svg = style.svg(draw_stage_map(effects(runs), width))
        assert svg == style.svg(draw_stage_map(effects(runs), width))
        ElementTree.fromstring(svg.encode())
        assert "<img" not in svg
        assert "+312" in svg
    many = effects(hostile[0])
    claims = {
        **many.claims,
        (1, RANKED): Claim(Difference(5_010.0, 1_889.0, 8_132.0, 0.0), 0.0, True, 1_889.0, 8_132.0),
    }
    assert "+5,010" in style.svg(draw_stage_map(Effects(many.base, many.levers, claims, {}, many.held), width))
    assert draw_stage_map(many, width).get_size_inches()[0] * style.PIXELS_PER_INCH == width
