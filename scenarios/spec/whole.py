"""The scenario file as a whole."""

from __future__ import annotations

from .. import aims, dates, names, values
from ..contracts import Contract, Exchange
from ..parts import Part, key
from ..weeks import WeekCalendar
from .changes import Change
from .charts import ChartRule
from .people import Pool
from .search import Search
from .stages import Stage
from .work import Granularity, Sampling, Segment


class Wanted(Part):
    """A training window: a date on which a number of items is wanted."""

    on: dates.When = key("When; a bare date means the end of that day.", example="2027-06-01")
    items: values.SomeItems = key("How many are to be delivered by then.", example="10_000 items")
    segment: names.Name | None = key("Of one segment; of all together if not said.", None, "street")


class Goals(Part):
    """What the plan must reach. Each holds for the mean, or as a chance: `P(accuracy >= 97%) >= 80%`."""

    deadline: aims.Deadline | None = key(
        "Everything is delivered by then; a bare date means the end of that day.", None, "2027-06-15"
    )
    accuracy: aims.AccuracyGoal | None = key("Share of delivered items whose label is right.", None, '">= 97%"')
    budget: aims.Budget | None = key("The cost is at most this.", None, "60_000 EUR")
    on_time: aims.OnTimeGoal | None = key("Share of items delivered by their due date.", None, '">= 90%"')
    windows: dict[names.Name, Wanted] = key(
        "Training windows, by name: the chance of each is told.",
        {},
        "{june: {on: 2027-06-01, items: 10_000 items, segment: street}}",
        most=100,
    )


class Site(Part):
    """A place where pools are."""

    delays: dict[names.Name, values.SecondsOrNone] = key(
        "How long what people at another site did last is on its way before it is ready here, by site.",
        {},
        "{manila: 4 h}",
        most=100,
    )


class Scenario(Part):
    """A scenario file."""

    labelcast: names.Version = key("Version of the format: 1.", example="1")
    name: names.Title | None = key(
        "Name of the scenario; the file's name if not said. Not taken over by `extends`.", None, "vendor-b"
    )
    extends: names.FilePath | None = key(
        "A scenario file, relative to this one, or one that `labelcast library` lists, as `library:NAME`; this one is "
        "written over it.",
        None,
        "base.yaml",
    )
    profile: names.FilePath | None = key(
        "A fitted profile, relative to this file, or one that `labelcast profiles` lists, as `library:NAME`; what any "
        "scenario file says wins over it.",
        None,
        "team.profile.yaml",
    )
    start: dates.When = key(
        "Local time at which the run begins; a bare date is its midnight.", example="2027-01-04T09:00"
    )
    timezone: names.Zone = key(
        "Time zone of the start, the goals and the calendars.", "UTC", "Europe/Paris", assumed=True
    )
    currency: names.Currency = key("Currency of all amounts, by ISO 4217.", example="EUR")
    exchange: dict[names.Currency, Exchange] = key(
        "What a unit of another currency is worth in the scenario's, by currency.", {}, "{USD: 0.92}", most=20
    )
    horizon: values.Span = key("The run ends then at the latest.", "52 weeks", "26 weeks")
    tick: values.Tick = key("All times are whole multiples of it.", "1 ms", "1 s")
    work: dict[names.Name, Segment] = key(
        "Kinds of items, by name.", example="{street: {backlog: 40_000 items}}", least=1, most=200
    )
    sampling: Sampling | None = key("How many items of all segments together are labelled.", None, "10_000 items")
    granularities: dict[names.Name, Granularity] = key(
        "How finely items may be labelled, by name.", {}, "{polygon: {time: 3, price: 4}}", most=50
    )
    calendars: dict[names.Name, WeekCalendar] = key(
        "Calendars, by name; `always` exists by itself.", {}, '{office: {hours: "09:00-17:00"}}', most=200
    )
    contracts: dict[names.Name, Contract] = key(
        "Contracts that pools may share, by name.", {}, "{acme: {per_label: 0.42 EUR}}", most=50
    )
    sites: dict[names.Name, Site] = key(
        "Sites of pools, by name; work is nowhere on its way but between them.",
        {},
        "{berlin: {delays: {manila: 4 h}}}",
        most=100,
    )
    pools: dict[names.Name, Pool] = key(
        "Pools of people, by name.", example="{team: {headcount: 6, calendar: always}}", least=1, most=100
    )
    stages: dict[names.Name, Stage] = key(
        "Stages of the line, by name.", example="{annotate: {pools: [team], time: 42 s}}", least=1, most=50
    )
    first: names.Name | None = key(
        "The stage at which items enter; the one that no other leads to if not said.", None, "annotate"
    )
    wip: values.SomeItems | None = key(
        "At most so many items are in the line; others wait before it, in order.", None, "2_000 items"
    )
    changes: tuple[Change, ...] = key(
        "What happens on a date.", [], "[{on: 2027-03-01, path: stages.annotate.time, factor: 0.9}]", most=500
    )
    charts: dict[names.Name, ChartRule] = key(
        "Control charts, by name: how soon a change is seen, and what ships until then.",
        {},
        "{drift: {watch: gold, in_control: 5%, out_of_control: 15%}}",
        most=20,
    )
    goals: Goals = key("What the plan must reach.", {}, "{deadline: 2027-06-15}")
    search: Search | None = key(
        "What `labelcast search` may change, and what for; it changes nothing of the scenario itself.",
        None,
        "{minimise: cost, vary: {pools.team.headcount: 2..12}}",
    )
