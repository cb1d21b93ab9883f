"""The question that the `search:` block of a scenario file asks, and the lines of its plans."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...sim.errors import ScenarioRefused
from ...sim.line import Line
from ...sim.registry import kpi_of, names_of
from ...sim.replicate import made_of
from ..alternatives import shown
from ..check import check
from ..constraints import Known, goal_of, own
from ..layers import merged
from ..load import load
from ..lookup import entries, sub
from ..nodes import Listing, Mapping, Node, Scalar
from ..problems import Mark, Problems, quoted
from ..routing import routes
from ..spec import Scenario
from ..spec.search import Search
from ..tolerance import kpi_among
from ..variables import Ground, variables
from .question import Constraint, Objective, Plan, Question

FORM = "search: {minimise: cost, vary: {pools.team.headcount: 2..12}}"


def read_question(path: Path, profile: Path | None = None) -> Question:
    """What the `search:` block of a scenario file asks. profile: to put under it, in place of the one that it names.

    Raises ScenarioRefused with all that is wrong with the scenario, then with all that is wrong with the block, by
    position; Infeasible where nobody may do some of the work as the scenario stands.
    """
    found = question_of(path, profile)
    if found is None:
        raise ScenarioRefused(f"{path}: has no `search:`, so nothing may vary. Write it like `{FORM}`.")
    return found


def question_of(path: Path, profile: Path | None = None) -> Question | None:
    """The same, None where the scenario has no `search:`. Raises as read_question() does."""
    line = load(path, profile)
    problems = Problems()
    layers = merged(path, profile, problems)
    assert layers is not None, "it could be loaded"
    scenario = check(layers.root, layers.complete, problems)
    assert scenario is not None, "it could be loaded"
    block = layers.root.entries.get("search")
    if scenario.search is None or not isinstance(block, Mapping):
        return None
    known = Known(scenario, line, _names(scenario))
    objectives = tuple(_objectives(block, scenario.search, known, problems))
    constraints = tuple(_constraints(block, scenario.search, layers.root, known, problems))
    vary = block.entries["vary"]
    assert isinstance(vary, Mapping), "the scenario is checked"
    varying = variables(vary, Ground(path, layers, scenario, line), problems)
    problems.stop()
    written = hashlib.sha256(shown(layers.root).encode()).hexdigest()
    return Question(path, profile, line, varying, objectives, constraints, tuple(scenario.pools), written)


def line_of(question: Question, plan: Plan) -> Line:
    """The line of a plan.

    Raises ScenarioRefused where the plan breaks a rule, Infeasible where nobody may do some of its work.
    """
    return load(question.path, question.profile, keys=keys_of(question, plan))


def keys_of(question: Question, plan: Plan) -> tuple[tuple[str, Node], ...]:
    """The keys of a plan with their values, as `load` takes them."""
    return tuple((one.path, one.nodes[place]) for one, place in zip(question.variables, plan, strict=True))


def _names(scenario: Scenario) -> list[str]:
    """KPIs of the plans, chances left out: of all parts that the file has, whether or not they are used today."""
    parts = (scenario.pools, scenario.work, scenario.goals.windows, scenario.charts)
    return [name for name in names_of(routes(scenario).kinds, *(list(part) for part in parts)) if made_of(name) is None]


def _objectives(block: Mapping, search: Search, known: Known, problems: Problems) -> Iterator[Objective]:
    """What is wanted, as the keys stand in the block; cost where none does."""
    if search.minimise is None and search.maximise is None:
        yield Objective("cost", "low")
    taken: dict[str, str] = {}
    for key in (key for key in block.entries if key in ("minimise", "maximise")):
        for mark, word in _texts(block.entries[key]):
            try:
                one = _objective(word.strip(), key, known.kpis)
                if one.kpi in taken:
                    raise ValueError(f"{one.kpi} is looked for already, as {taken[one.kpi]}. Take one out.")
                taken[one.kpi] = word.strip()
                yield one
            except ValueError as error:
                problems.add(mark, f"search.{key}", str(error))


def _objective(word: str, key: str, known: Sequence[str]) -> Objective:
    if made_of(word) is not None:
        rule = f"{word} is a chance, of which a run tells only yes or no"
        raise ValueError(f'{rule}. Write "{word} >= 90%" in subject_to, and look for a KPI such as cost or finish.')
    kpi = kpi_among(word, known)
    better = kpi_of(kpi).better
    if key == "minimise" and better == "high":
        raise ValueError(f"more of {kpi} is better. Write `maximise: {word}`.")
    if key == "maximise" and better == "low":
        raise ValueError(f"less of {kpi} is better. Write `minimise: {word}`.")
    return Objective(kpi, "low" if key == "minimise" else "high")


def _constraints(
    block: Mapping, search: Search, root: Mapping, known: Known, problems: Problems
) -> Iterator[Constraint]:
    """What every plan must keep: as the block says, else the scenario's goals."""
    if search.subject_to is None:
        written = {name: node.text for name, node in entries(sub(root, "goals")).items() if isinstance(node, Scalar)}
        yield from (Constraint(*one) for one in own(known.line, written))
        return
    seen: list[object] = []
    for (mark, _), claim in zip(_texts(block.entries["subject_to"]), search.subject_to, strict=True):
        try:
            goal = goal_of(claim, known)
            if goal in seen:
                raise ValueError(f"{quoted(claim.text)} says what another one says. Take it out.")
            seen.append(goal)
            yield Constraint(goal, claim.text)
        except ValueError as error:
            problems.add(mark, "search.subject_to", str(error))


def _texts(node: Node) -> Iterator[tuple[Mark, str]]:
    """A text, or the texts of a list, with their places."""
    for one in node.items if isinstance(node, Listing) else [node]:
        assert isinstance(one, Scalar), "the scenario is checked"
        yield one.mark, one.text
