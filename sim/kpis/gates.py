"""Quality gates: what judges accept, reject and miss, how much they see, and the lots that are inspected."""

from __future__ import annotations

import math

from ..line import JUDGES
from ..tally import Shape, Tally
from ..tally import sums as n
from ..tally.lots import judged
from .facts import HOUR_MS, NAN, Found, over


def of_gates(tally: Tally, shape: Shape) -> Found:
    """KPIs of the stages that judge labels."""
    whole: list[int] = tally.sums.by_segment.sum(axis=0).tolist()
    stages, delivered = shape.of_kind(*JUDGES), whole[n.DELIVERED]
    yields, found = [], {}
    for code, stage in stages:
        row = tally.sums.by_stage[code].tolist()
        yields.append(over(row[n.ACCEPTED_AT_FIRST], row[n.JUDGED_ITEMS]))
        found[f"first_pass_yield.{stage}"] = yields[-1]
        found[f"reject_rate.{stage}"] = over(row[n.REJECTIONS], row[n.JUDGEMENTS])
        found[f"reviewed_share.{stage}"] = over(row[n.JUDGED_DELIVERED], delivered)
        found[f"errors_missed.{stage}"] = float(row[n.MISSED])
        found[f"errors_caught.{stage}"] = float(row[n.CAUGHT])
        found[f"errors_caught_by_hour.{stage}"] = over(row[n.CAUGHT], row[n.SEEKING_MS] / HOUR_MS)
        if shape.kinds[code] == "inspect":
            inspected, refused = judged(tally.lots, code)
            found |= {f"lots_inspected.{stage}": float(inspected), f"lots_rejected.{stage}": float(refused)}
    return found | {
        "rolled_yield": math.prod(yields) if yields else NAN,
        "reviewed_share": over(whole[n.REVIEWED], delivered) if stages else NAN,
        "aoq": over(whole[n.WRONG_IN_LOTS], whole[n.IN_LOTS]),
    }
