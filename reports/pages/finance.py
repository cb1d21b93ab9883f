"""Finance's page: what it comes to, how sure that is, month by month and activity by activity, and against a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

from ...scenarios.compare import Comparison
from ...sim.ledger import IDLE
from ...sim.line import MICRO
from ...sim.statistics import Floats
from .. import cells, panels, words
from ..budget import figure, steps
from ..budget.by_month import draw_months, months_of_budget, months_words
from ..budget.coins import Coins
from ..budget.notes import notes
from ..budget.text import answers_in, coins_of, label_costs, next_items, tables, verdict
from ..budget.whole import Budget
from ..cells import Cell, Group, Row, Table
from ..comparison.words import failing_sentence, head_sentences, verdicts_open
from ..reading import Reading, read
from .sheet import Drawn, Section, Sheet, Shown, listing

P80 = "P80: in 8 of 10 projects it comes to no more."

TABLES = {
    "By month": "Amounts by month, and so far: all up to its end. Means add up, percentiles do not.",
    "Commitments": "Committed: the minimum of the contract; of a period that begins before the work, what is left "
    "of it. Shortfall: what is billed for too little use, and the chance of any. In force: in what share of runs the "
    "work lasts long enough to owe the minimum.",
}
"""What is said of a table besides its title."""

OF_THE_PLAN = ("What labels cost, of whole runs",)

LABELS = {
    "cost_per_label": "a label",
    "cost_per_accepted_label": "an accepted label",
    "cost_per_correct_label": "a correct one",
}


def finance_page(
    budgets: Sequence[Budget], comparison: Comparison | None = None, cautions: Sequence[str] = ()
) -> Sheet:
    """The page of a budget, or of those of several plans. comparison: of the same runs.  cautions: what a reader must
    be warned of besides."""
    many = len(budgets) > 1
    told = [list(verdict(one)) for one in budgets]
    heads = [lines[0] for lines in told]
    if not many:
        first = answers_in(budgets[0])
        verdicts, more = told[0][:first], [*told[0][first:], *_labels(budgets[0])]
    elif comparison is None:
        verdicts, more = heads, []
    elif verdicts_open(comparison):
        verdicts, more = list(comparison.verdicts), heads
    else:
        readings = read([one.runs for one in budgets])
        failing = failing_sentence(readings)
        verdicts, more = head_sentences(readings, comparison)[::-1], [failing] if failing else []
    return Sheet(
        "Budget for finance",
        [one.line.name for one in budgets],
        verdicts,
        read([one.runs for one in budgets]),
        _activities(read([one.runs for one in budgets])) if many else _so_far(budgets[0]),
        more,
        cautions,
        [
            *([_together(budgets), _apart(budgets, comparison)] if many else []),
            *(part for one in budgets for part in _sections(one, many)),
        ],
    )


def _labels(found: Budget) -> Iterator[str]:
    """What a label costs, an accepted one and a correct one, as the table further down has them."""
    costs = dict(label_costs(found))
    told = [f"{name} {costs[kpi][0]}" for kpi, name in LABELS.items() if not isnan(found.worth.by_label[kpi].mean)]
    if told:
        plan = " of the plan" if found.cut else ""
        yield f"Cost{plan}, mean over runs, {found.line.currency}: {', '.join(told)}."


def _coins(budgets: Sequence[Budget]) -> Coins:
    """One rounding for all, the coarsest."""
    return min((coins_of(one) for one in budgets), key=lambda coins: coins.places)


def _apart(budgets: Sequence[Budget], comparison: Comparison | None) -> Section:
    """Mean cost by activity of each plan, and what each other has more of it than the first; the verdicts, where they
    are not the answer itself."""
    readings, coins = read([one.runs for one in budgets]), _coins(budgets)
    names = [one.name for one in readings]
    activities = dict.fromkeys(activity for one in readings for activity in one.costs)
    ordered = sorted(activities, key=lambda activity: activity == IDLE)
    table = {activity: [_mean(one, activity) for one in readings] for activity in ordered}
    whole = [one.estimate.mean for one in budgets]

    def row(title: str, amounts: Sequence[int], total: bool = False) -> Row:
        told = [coins.text(one) for one in amounts]
        told += [coins.text(one - amounts[0], signed=True) if one != amounts[0] else "0" for one in amounts[1:]]
        return Row(title, tuple(Cell(text) for text in told), total=total)

    rows = [row(panels.activity_words(activity), amounts) for activity, amounts in table.items()]
    heads = (*names, *(f"{name} less {names[0]}" for name in names[1:]))
    shown = Shown(
        "What drives the differences",
        f"Mean cost by activity, {coins.currency}, each rounded by itself.",
        "activity",
        Table(heads, (Group("", (*rows, row("in all", whole, total=True))),)),
    )
    told = [] if comparison is None or verdicts_open(comparison) else list(comparison.verdicts)
    return Section("What drives the differences", told, tables=[shown])


def _mean(reading: Reading, activity: str) -> int:
    found = reading.costs.get(activity)
    return 0 if found is None else round(MICRO * found.mean)


def _together(budgets: Sequence[Budget]) -> Section:
    rows, coins = [], _coins(budgets)
    for one in budgets:
        estimate = one.estimate
        texts = (coins.text(estimate.mean), *coins.risks(estimate), coins.text(estimate.p80 - estimate.p50))
        rows.append(Row(one.line.name, tuple(Cell(text) for text in texts)))
    heads = ("mean", "P50", "P80", "P95", "contingency to be 80% sure")
    told = f"What each plan comes to, {coins.currency}. Contingency: P80 less P50."
    shown = Shown("Plans", told, "plan", Table(heads, (Group("", tuple(rows)),)))
    return Section("The plans side by side", tables=[shown])  # fmt: skip


def _activities(readings: Sequence[Reading]) -> Drawn:
    return Drawn(
        "activities",
        lambda width: panels.draw_costs(readings, width),
        words.cost_words(readings),
        "Cost by activity. Idle, hatched, is paid time without work. Bar: mean; line at its end: P5 to P95 over runs.",
    )


def _so_far(found: Budget, name: str = "spent-so-far") -> Drawn:
    coins = coins_of(found)
    last = found.outlook[-1].so_far
    risks = ", ".join(f"{mark} {text}" for mark, text in zip(("P50", "P80", "P95"), coins.risks(last), strict=True))
    budget = "" if found.risk is None else f" The budget is {coins.money(found.risk.budget)}."
    return Drawn(
        name,
        lambda width: figure.draw_budget(found, width),
        f"Cost up to the end of each month. At the end of {found.months[-1]}: mean {coins.money(last.mean)}, {risks}."
        f"{budget}",
        "Up to the end of each month. Bars: means, full where spent already; thick lines: P50 to P80, thin: to P95. "
        f"{P80}",
    )


def _sections(found: Budget, many: bool) -> Iterator[Section]:
    def of(title: str) -> str:
        return f"{found.line.name}: {title[0].lower()}{title[1:]}" if many else title

    key = f"{found.line.name}-" if many else ""
    currency = found.line.currency
    if many:
        yield Section(
            of("Cost up to the end of each month"), [*verdict(found)][1:], [_so_far(found, f"{key}spent-so-far")]
        )
    yield Section(
        of("Month by month, activity by activity"),
        pictures=[
            Drawn(
                f"{key}activities",
                lambda width: steps.draw_steps(found, width),
                steps.steps_words(found),
                "Mean cost by activity, one after the other. Hatched: paid time without work.",
            ),
            *([_months(found, key)] if len(months_of_budget(found).months) > 1 else []),
        ],
        tables=[
            Shown("By month and activity", f"Means, {currency}, each rounded by itself.", "activity", by_month(found))
        ],
    )
    for title, rows in tables(found):
        caption = TABLES.get(title, "")
        if found.cut and title in OF_THE_PLAN:
            caption = "Of the plan as simulated: what was spent does not change it."
        yield Section(
            of(title),
            tables=[
                Shown(title, f"{caption} Amounts in {currency}, each rounded by itself.".strip(), "", listing(rows))
            ],
        )
    if found.marginal is not None:
        yield Section(of("One batch more"), [next_items(found)])
    yield Section(of("What to know"), notes=[*notes(found)])


def _months(found: Budget, key: str) -> Drawn:
    table = months_of_budget(found)
    caption = "Mean cost by activity and month: the fuller the colour, the more."
    return Drawn(f"{key}months", lambda width: draw_months(table, width), months_words(table), caption)


def by_month(found: Budget) -> Table:
    """Mean amounts of each activity by month, of months that cost anything, with sums both ways."""
    coins, table = coins_of(found), months_of_budget(found)
    spent = [place for place in range(len(table.months)) if table.amounts[:, place].any()]

    def row(title: str, amounts: Floats, total: bool = False) -> Row:
        micro = [round(MICRO * float(amounts[place])) for place in spent]
        texts = [Cell(coins.text(one)) if one else cells.NOTHING for one in micro]
        return Row(title, (*texts, Cell(coins.text(sum(micro)))), total=total)

    kinds = zip(table.activities, table.amounts, strict=True)
    rows = [row(panels.activity_words(one), amounts) for one, amounts in kinds if amounts.any()]
    whole = row("in all", table.of_month, total=True)
    heads = (*(table.months[place] for place in spent), "in all")
    return Table(heads, (Group("", (*rows, whole)),))
