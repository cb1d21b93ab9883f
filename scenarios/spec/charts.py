"""Control charts, as a scenario file writes them."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from .. import dates, names, values
from ..parts import Part, key


class ChartRule(Part):
    """A control chart (a CUSUM) of results that are right or wrong, in order of time: test questions, or the verdicts
    of a stage. It says how soon a change would be seen, and changes nothing itself."""

    alternatives = (("false_alarm_every", "limit"),)

    watch: names.Name = key(
        "What it sees: `gold`, labels of test questions; or the review or inspect stage whose rejections it counts.",
        example="gold",
    )
    in_control: values.Sure = key("Share of results that is wrong, or rejected, when all is well.", example="5%")
    out_of_control: values.Sure = key("The share that is to be found out soon.", example="15%")
    false_alarm_every: values.SomeTasks = key(
        "In control it alarms so rarely on average, in results.", "1_000 tasks", "2_000 tasks", assumed=True
    )
    limit: values.Score | None = key(
        "Instead: the score at which it alarms; a wrong result adds m - 1 and a right one takes 1.", None, "40"
    )
    since: dates.When | None = key(
        "When the change comes from which the delay is counted; a bare date means its midnight. All alarms are false "
        "if not said.",
        None,
        "2027-03-01",
    )

    @model_validator(mode="after")
    def _fitting(self) -> Any:
        if self.in_control >= self.out_of_control:
            told = f"{100 * self.in_control:g}% and {100 * self.out_of_control:g}%"
            raise ValueError(f"in_control < out_of_control must hold, but got {told}. Raise out_of_control.")
        return self
