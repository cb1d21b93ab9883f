"""Runs of a scenario with parameters moved: one at a time, or all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ..scenarios.parameters import Movable, Moves, Parameter
from ..scenarios.screening import MOST, POINTS, Index, Model, Screened, morris_runs, sobol_runs
from ..scenarios.screening import morris as morris_of
from ..scenarios.screening import sobol as sobol_of
from ..scenarios.sensitivity import ENDS, Bar, Swept, mean_of
from ..sim.errors import Infeasible, ScenarioRefused
from ..sim.replicate import Runs, replicate
from ..sim.statistics import Floats


@dataclass
class Runner:
    """Runs a scenario with what is moved, each setting once, all on the same luck."""

    scenario: Movable
    replications: int
    seed: int
    processes: int | None
    tell: Callable[..., None]
    known: dict[frozenset[tuple[Parameter, float]], Runs] = field(default_factory=dict)

    def __call__(self, moves: Moves) -> Runs:
        key = frozenset(self.scenario.own(moves).items())
        if key not in self.known:
            runs = self.run(moves)
            # Ledgers and curves of hundreds of settings would fill the memory, and nothing looks at them.
            self.known[key] = replace(runs, ledger=runs.ledger.iloc[:0], curves=[])
        return self.known[key]

    def run(self, moves: Moves) -> Runs:
        """The runs, kept nowhere."""
        return replicate(self.scenario.line(moves), self.replications, self.seed, self.processes)


def sweep(runner: Runner, parameters: Sequence[Parameter]) -> Swept:
    """The runs with each parameter at each end."""
    settings = [(one, end) for one in parameters for end in ENDS]
    found = {}
    for done, (one, end) in enumerate(settings):
        runner.tell(done, len(settings), f"{runner.scenario.path.stem}: {one.name}")
        found[one, end] = runner({one: ENDS[end]})
    return found


@dataclass
class Joint:
    """What parameters do when all of them vary at once. notes: is added to where something cannot be told."""

    runner: Runner
    kpi: str
    seed: int
    notes: list[str]

    def screened(self, bars: Sequence[Bar]) -> dict[Parameter, Screened] | None:
        """Morris' screening of all, the largest first; None where it cannot be told."""
        parameters = [bar.parameter for bar in bars]
        low, high = ENDS.values()

        def moves(point: Floats) -> Moves:
            return dict(zip(parameters, (low + (high - low) * point).tolist(), strict=True))

        model = self._model("--morris", morris_runs(len(parameters)), moves)
        found = morris_of(len(parameters), model, self.seed) if parameters else None
        if found is None:
            self.notes.append(f"--morris: {self.kpi} could not be computed everywhere, or there is nothing to move.")
            return None
        return dict(sorted(zip(parameters, found, strict=True), key=lambda pair: -pair[1].mu_star))

    def indices(self, bars: Sequence[Bar], screened: dict[Parameter, Screened] | None) -> dict[Parameter, Index] | None:
        """Sobol's indices of the largest, by the screening where there was one, else by swing; None where they cannot
        be told."""
        sizes = {bar.parameter: bar.swing for bar in bars}
        if screened is not None:
            sizes = {one: each.mu_star for one, each in screened.items()}
        parameters = [one for one, size in sizes.items() if size > 0][:MOST]

        def moves(point: Floats) -> Moves:
            return {one: one.quantile(share) for one, share in zip(parameters, point.tolist(), strict=True)}

        model = self._model("--sobol", sobol_runs(len(parameters), POINTS), moves)
        found = sobol_of(len(parameters), model, self.seed, POINTS) if parameters else None
        if found is None:
            self.notes.append(f"--sobol: {self.kpi} could not be computed everywhere, or nothing moves it.")
            return None
        if len(parameters) < len(sizes):
            self.notes.append(
                f"--sobol: of the {len(parameters)} largest of {len(sizes)}; the others stay as they are."
            )
        return dict(sorted(zip(parameters, found, strict=True), key=lambda pair: -pair[1].total))

    def _model(self, option: str, runs: int, moves: Callable[[Floats], Moves]) -> Model:
        """The mean of the KPI at a point of the unit cube; NaN where that is no line, of which the first is told."""
        done, refused = 0, False

        def model(point: Floats) -> float:
            """The mean at a point."""
            nonlocal done, refused
            self.runner.tell(done, runs, f"{self.runner.scenario.path.stem}: {option}")
            done += 1
            try:
                return mean_of(self.runner.run(moves(point)), self.kpi)
            except (ScenarioRefused, Infeasible) as error:
                if not refused:
                    self.notes.append(f"{option}: not all that may be is a line: {error.problems[0]}")
                refused = True
                return float("nan")

        return model
