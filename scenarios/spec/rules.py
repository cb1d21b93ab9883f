"""Rules of a stage, as a scenario file writes them: labels, batches, lots, test questions, machines."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from .. import names, values
from ..parts import Part, Short, incomplete, key
from ..readers import PATTERN, Choice
from ..times import StageTime
from ..written import Whole


class LabelRule(Part):
    """How many people label an item in the first round, and how their labels become one. `3` is short for
    `{majority: 3}`."""

    alternatives = (("majority", "weighted", "lead", "threshold"),)

    majority: values.Labels | None = key("So many at once; the label with most votes counts.", None, "3")
    weighted: values.Labels | None = key(
        "So many at once; the label with the greatest sum of its people's skills counts.", None, "5"
    )
    lead: values.Labels | None = key(
        "So many at once, then one at a time until a label leads all others by so many.", None, "2"
    )
    threshold: values.Confident | None = key(
        "`start` at once, then one at a time until the likeliest label is right with this probability.", None, "95%"
    )
    start: values.Labels = key("threshold: so many at once.", "2", "3", assumed=True)
    max: values.Labels = key("lead, threshold: at most so many.", "7", "5", assumed=True)

    @model_validator(mode="after")
    def _fitting(self) -> Any:
        if all(one is None for one in (self.majority, self.weighted, self.lead, self.threshold)):
            raise incomplete("needs majority, weighted, lead or threshold, but got none. Write `labels_per_item: 3`.")
        for name, owners in (("start", ("threshold",)), ("max", ("lead", "threshold"))):
            if name in self.model_fields_set and all(getattr(self, owner) is None for owner in owners):
                raise ValueError(f"`{name}` belongs to {' or '.join(owners)}, but there is none. Take it out.")
        most, at_once = self.max, self.start if self.threshold is not None else self.lead or 0
        if (self.lead is not None or self.threshold is not None) and at_once > most:
            raise ValueError(f"{at_once} labels at once are more than max, {most}. Raise max.")
        return self


class RiskScore(Part):
    """A score of each label that comes to a review, higher where it is more likely to be wrong: the labels with the
    highest are reviewed, as many as the fraction says. `0.85` is short for `{auc: 0.85}`."""

    auc: values.Auc = key(
        "Chance that a wrong label scores higher than a right one (area under the ROC curve): 0.5 tells nothing.",
        example="0.85",
    )
    misses: Annotated[tuple[names.Label, ...], Field(min_length=1)] | None = key(
        "Of errors on items of these true classes alone; of all if not said.", None, "[bus]", most=1000
    )


class Reviewed(Part):
    """Share of the items that is reviewed: by the tenure of the label's author if there is a step for it, else by the
    label given, else by segment, else the rest's. `20%` is short for `{rest: 20%}`."""

    segments: dict[names.Name, values.Share] | None = key("By segment.", None, "{street: 100%}", most=200)
    classes: dict[names.Label, values.Share] | None = key(
        "By the label that the item has.", None, "{bus: 100%}", most=1000
    )
    risk: Annotated[RiskScore, Short("auc", values.AUC.schema())] | None = key(
        "Labels with the highest risk score are reviewed; any of them, at random, if not said.", None, "0.85"
    )
    tenure: (
        Annotated[
            dict[Annotated[int, BeforeValidator(values.TENURE)], values.Share],
            Field(min_length=1, max_length=20),
            Whole(),
            WithJsonSchema(
                {
                    "type": "object",
                    "patternProperties": {f"^ *{PATTERN} *tasks? *$": values.SHARE_SCHEMA},
                    "minProperties": 1,
                }
            ),
        ]
        | None
    ) = key(
        "By the tasks that the label's author had finished: below each number, its share.",
        None,
        "{500 tasks: 100%, 5_000 tasks: 30%}",
    )
    rest: values.Share = key("Of all others.", "100%", "20%", assumed=True)


class Gathering(Part):
    """Tasks become ready together. `50 items` is short for `{size: 50 items}`."""

    size: values.SomeItems = key("When so many of one segment have come.", example="50 items")
    wait: values.Span = key("Or so long after the first came.", "1 day", "4 h", assumed=True)


class Batching(Part):
    """A worker takes several tasks of one segment together and does them in order. `200 items` is short for
    `{size: 200 items}`."""

    size: values.SomeItems = key("At most so many.", example="200 items")
    setup: values.SecondsOrNone = key("Active time that is spent once, before the first.", "0 s", "5 min")
    together: values.YesNo = key("Whether results go on only when the last is done.", "no", "yes")


class SamplePlan(Part):
    """The sample of a lot, under tightened or reduced inspection."""

    sample: values.SomeItems = key("Items of a lot that are inspected.", example="8 items")
    accept: values.Defects = key("A lot with at most so many rejected is accepted.", example="0 items")

    @model_validator(mode="after")
    def _fitting(self) -> Any:
        return _refusing(self)


class SwitchingRule(Part):
    """Plans that take the place of the lot's own, that of normal inspection, by the switching rules of ISO 2859-1, for
    each segment: tightened when two of five lots or fewer are rejected, until five in a row are accepted; reduced when
    the switching score reaches 30, until one is rejected. When five are rejected since it was tightened, lots are
    inspected as a whole for some time. Lots most of which were rejected before switch nothing."""

    tightened: SamplePlan = key("The plan of tightened inspection.", example="{sample: 32 items, accept: 1 items}")
    reduced: SamplePlan | None = key(
        "The plan of reduced inspection; inspection is never reduced if not said.",
        None,
        "{sample: 8 items, accept: 1 items}",
    )
    screening: values.Lots = key(
        "So many lots are inspected as a whole where inspection of samples is discontinued; it resumes tightened.",
        "5 lots",
        "10 lots",
        assumed=True,
    )


class LotRule(Part):
    """Acceptance sampling by attributes (ISO 2859-1, single sampling): of each lot of a segment some items are
    inspected; with too many rejected, the whole lot goes back, else only those."""

    size: values.SomeItems = key("Items of a lot.", "100 items", "200 items", assumed=True)
    sample: values.SomeItems = key("Items of a lot that are inspected.", "10 items", "20 items", assumed=True)
    accept: values.Defects = key("A lot with at most so many rejected is accepted.", "0 items", "1 items", assumed=True)
    wait: values.Span = key(
        "A lot is closed so long after its first item, full or not.", "7 days", "2 days", assumed=True
    )
    switching: SwitchingRule | None = key(
        "How lots are inspected after many good ones, or bad ones; all alike if not said.",
        None,
        "{tightened: {sample: 32 items, accept: 1 items}}",
    )

    @model_validator(mode="after")
    def _fitting(self) -> Any:
        if self.sample > self.size:
            raise ValueError(f"a sample of {self.sample} is more than a lot of {self.size}. Lower the sample.")
        if self.switching is not None:
            self._tells_apart(self.switching.tightened, self.switching.reduced)
        return _refusing(self)

    def _tells_apart(self, tightened: SamplePlan, reduced: SamplePlan | None) -> None:
        """Tightened inspection is to be no laxer than normal, reduced to be less of it."""
        own, pair = f"{self.accept} of {self.sample}", (tightened.sample, tightened.accept)
        if tightened.sample > self.size:
            raise ValueError(
                f"the tightened sample of {tightened.sample} is more than a lot of {self.size}. Lower the sample."
            )
        if tightened.sample <= self.sample and tightened.accept >= self.accept and pair != (self.sample, self.accept):
            raise ValueError(
                f"tightened accepts {tightened.accept} of {tightened.sample}, which is laxer than normal inspection, "
                f"{own}. Raise its sample, or lower its accept."
            )
        if reduced is not None and reduced.sample > self.sample:
            raise ValueError(
                f"the reduced sample must be at most that of normal inspection, {self.sample}, but is "
                f"{reduced.sample}. Lower it."
            )


def _refusing(plan: SamplePlan | LotRule) -> Any:
    """The plan, if some sample of its is not accepted."""
    if plan.accept >= plan.sample:
        raise ValueError(
            f"accept < sample must hold, but got {plan.accept} and {plan.sample}: nothing is refused. Lower accept."
        )
    return plan


class Retraining(Part):
    """What those get whose gold labels are too often wrong."""

    time: values.Span = key("On-shift time that it takes.", example="2 h")
    gain: values.Logits = key("Logits of skill that it adds.", "0", "0.3")
    half_life: values.Span | None = key(
        "After so long half of what training has gained is lost again; never if not said.", None, "8 weeks"
    )

    @model_validator(mode="after")
    def _fading(self) -> Any:
        if self.half_life is not None and self.gain == 0.0:
            raise ValueError("`half_life` needs a gain that is lost, but there is none. Write `gain: 0.3`.")
        return self


class GoldRule(Part):
    """Test questions: items whose label is known. `5%` is short for `{share: 5%}`."""

    scales = ("share",)

    share: values.Share = key("Chance that a worker gets one before a task.", example="5%")
    ban_below: values.Share | None = key("Those with a lower share of right gold labels are sent home.", None, "70%")
    after: values.SomeTasks = key("Not before so many gold tasks.", "20 tasks", "10 tasks", assumed=True)
    retrain: Retraining | None = key(
        "Those below are not sent home but trained, and count anew.", None, "{time: 2 h, gain: 0.3}"
    )

    @model_validator(mode="after")
    def _fitting(self) -> Any:
        for name in ("after", "retrain"):
            if name in self.model_fields_set and self.ban_below is None:
                raise ValueError(f"`{name}` needs ban_below, but there is none. Write `ban_below: 70%`.")
        return self


class LabelModel(Part):
    """The model of a prelabel stage."""

    alternatives = (("accuracy", "skill"),)

    accuracy: values.Sure = key(
        "Share of right suggestions, on average over the work's items.", "80%", "85%", assumed=True
    )
    skill: values.Logits | None = key("Instead of accuracy: skill in logits on an item of difficulty 0.", None, "2.0")
    class_effects: dict[names.Label, values.Logits] = key(
        "Logits added to the odds of a right suggestion, by true class.", {}, "{bus: -1}", most=1000
    )


class Suggested(Part):
    """What a suggested label does to those who see it."""

    anchoring: values.Share = key("Chance that it is kept unread.", "20%", "10%", assumed=True)
    accept_time: values.Factor = key("Factor on the time of a task that keeps it.", "1", "0.6", assumed=True)
    fix_time: values.Factor = key("Factor on the time of a task that changes it.", "1", "1.1", assumed=True)


class SkipRule(Part):
    """People who look at a task and leave it to somebody else. They do not get that item again at the stage, until it
    comes there anew. By piece a look is unpaid; its time is lost."""

    chance: values.Share = key("Chance that who takes a task leaves it.", example="4%")
    time: StageTime = key("Active time of the look.", "10 s", "{lognormal: {median: 8 s, p95: 30 s}}", assumed=True)
    most: values.SomePeople = key(
        "At most so many people leave an item each time that it comes here; who takes it then does it.",
        "2 people",
        "3 people",
        assumed=True,
    )


class SelfCheckRule(Part):
    """People who look their own label over before handing it in. A wrong label that they find they give anew, as well
    as any; a right one stays."""

    time: StageTime = key("Active time of the look, at the pace of the task.", example="6 s")
    catch: values.Share = key("Chance that a wrong label is found.", example="40%")
    mend: values.Factor = key("Factor on the time of the label for giving it anew.", "1", "0.5", assumed=True)


class QuestionRule(Part):
    """People who look at a task and ask back: it waits for the answer, and then for anybody who is free. By piece a
    look is unpaid; its time is lost. Answering takes nobody's time here."""

    chance: values.Share = key("Chance that who takes a task asks.", example="4%")
    time: StageTime = key("Active time of the look.", "1 min", "2 min", assumed=True)
    answer: StageTime = key("How long the answer takes, in the open time of `calendar`.", example="20 min")
    calendar: names.Name = key(
        "When questions are answered: a calendar, or `always`.", "always", "office", assumed=True
    )
    site: names.Name | None = key(
        "Where they are answered, one of `sites`: questions and answers are on their way for as long as its `delays`, "
        "and those of who asks, say.",
        None,
        "berlin",
    )
    most: values.Labels = key("So many questions about a task at most.", "1", "2", assumed=True)


class EscalationRule(Part):
    """What happens to a task that waits too long."""

    after: values.Span = key("So long it waits.", example="2 days")
    to: names.Name = key("Then its item goes to this stage.", example="adjudicate")


class RotationRule(Part):
    """Who of a pool may work at a stage, in turn."""

    every: values.Span = key("Length of a turn.", example="4 weeks")
    people: values.SomePeople = key("So many at a time.", example="3")


_ROUTES = Choice(("share", "prefer", "shortest", "skill", "difficulty"))
_ROUTES_SCHEMA = _ROUTES.schema()


class Routing(Part):
    """How a task gets its pool. `prefer` is short for `{by: prefer}`."""

    by: Annotated[Literal["share", "prefer", "shortest", "skill", "difficulty"], _ROUTES] = key(
        "Drawn by `share`; `prefer`: who is free first, else in order; to the `shortest`, the fewest tasks by person; "
        "best by `skill` who is free; by predicted `difficulty`, the easiest to the first pool.",
        "share",
        "prefer",
    )
    error: values.Spread | None = key(
        "difficulty: standard deviation of the error of predicted difficulty, in logits; 0 if not said.", None, "0.5"
    )

    @model_validator(mode="after")
    def _fitting(self) -> Any:
        if self.error is not None and self.by != "difficulty":
            raise ValueError(f"`error` belongs to routing by difficulty, but this is by {self.by}. Take it out.")
        return self


class OnReject(Part):
    """Where a rejected item goes."""

    to: names.Name | None = key(
        "The annotate stage that rejected items return to; the only one if not said.", None, "annotate"
    )
    rounds: values.Rounds = key("At most so many returns, counted over the whole line.", "3", "2", assumed=True)
    then: names.Name | None = key(
        "Where items rejected after that go; the only adjudicate stage if not said, else deliver.", None, "adjudicate"
    )


LabelsPerItem = Annotated[LabelRule, Short("majority", values.LABELS.schema()), Whole()]
Fraction = Annotated[Reviewed, Short("rest", values.SHARE_SCHEMA)]
Gathers = Annotated[Gathering, Short("size", values.SOME_ITEMS.schema())]
Batches = Annotated[Batching, Short("size", values.SOME_ITEMS.schema())]
Golds = Annotated[GoldRule, Short("share", values.SHARE_SCHEMA)]
Routes = Annotated[Routing, Short("by", _ROUTES_SCHEMA)]
