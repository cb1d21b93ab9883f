"""The fits of one calibration, side by side, before they are put into words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .arrivals import Posting
from .availability import Availability
from .classes import Mix
from .crowd.fit import CrowdFit
from .fit import Parameter
from .pools.fit import Pools
from .service.fit import Service
from .skill import Skill
from .stages.later import Later
from .stages.review import Review


@dataclass(frozen=True, eq=False)
class Parts:
    """The fits of one calibration. crowd: None for a staff.  review: None where no person gave a verdict.
    later: the stages after the first, None where the log knows one.  pools: those that a column tells, of which
    availability and crowd are the main one's; None for one pool."""

    service: Service
    redundancy: Parameter
    posting: Posting
    availability: Availability
    crowd: CrowdFit | None
    skill: Skill
    mix: Mix
    attractor: Parameter | None
    review: Review | None
    later: Later | None
    pools: Pools | None

    @property
    def everybody(self) -> Availability:
        """Availability of the first stage's pool, or of all that a column tells."""
        return self.availability if self.pools is None else self.pools.whole

    @property
    def sessions(self) -> pd.DataFrame:
        """Sessions of the first stage's pool, and where roles or a column tell several of all, as any of them may work
        there."""
        mine = self.everybody.sessions
        if self.later is None or not self.later.told:
            return mine
        both = pd.concat([mine, *(one.sessions for one in self.later.pools.values())])
        return both.sort_values(["worker", "from_ms"], ignore_index=True)

    @property
    def slots(self) -> npt.NDArray[np.int64] | None:
        """int64[7, 24]: slots on shift, of all pools that a column tells; None where the main one is a crowd."""
        if self.crowd is not None:
            return None
        if self.pools is None:
            return self.availability.on_shift
        staff = (there for name, there in self.pools.there.items() if name not in self.pools.crowds)
        return np.asarray(np.sum([one.on_shift for one in staff], axis=0))
