"""The command that tells what answers hang on, and what would change the verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .scenarios.parameters import Movable, Moves, Parameter
    from .scenarios.screening import Index, Model, Screened
    from .scenarios.sensitivity import Bar, Swept
    from .scenarios.varied import Range
    from .sim.line import Line
    from .sim.replicate import Runs
    from .sim.statistics import Floats


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(sensitivity)


def sensitivity(
    scenario: Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library.")],
    against: Annotated[
        Path | None, typer.Option(help="Another scenario: for which parameter the better of the two is the other.")
    ] = None,
    kpi: Annotated[str, typer.Option(help="What of the scenario is looked at (docs/kpis.md).")] = "cost",
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=LOW..HIGH", help='Also this key: "pools.team.headcount=4..12"; repeatable.'),
    ] = None,
    morris: Annotated[bool, typer.Option("--morris", help="Also Morris' screening, all varying at once.")] = False,
    sobol: Annotated[bool, typer.Option("--sobol", help="Also Sobol's indices of the largest eight.")] = False,
    replications: Annotated[int, typer.Option("--replications", "-n", min=2, max=100_000, help="Runs of each.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under each.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the tornado to this SVG file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say which fitted parameters and keys an answer hangs on, and which would change the verdict, about where."""
    from .reports.sensitivity import sensitivity_figure, sensitivity_json, sensitivity_text
    from .scenarios.load import load
    from .scenarios.matched import check_lines
    from .scenarios.parameters import movable, parameters_of
    from .scenarios.screening import check_installed
    from .scenarios.sensitivity import Sensitivity, between, goals, tornado
    from .sim.engines import ENGINES
    from .sim.files import write_text

    terminal.files(plot)
    for option, said in (("--morris", morris), ("--sobol", sobol)):
        if said:
            check_installed(option)
    ranges = _ranges(over or [])
    paths = [terminal.found(one) for one in (scenario, against) if one is not None]
    lines = [load(path, profile) for path in paths]
    check_lines(lines)
    asked = _kpi(kpi, lines[0])
    scenarios = [movable(path, profile, ranges) for path in paths]
    parameters, left_out = parameters_of(scenarios, ranges)
    terminal.prepare(ENGINES[0])
    with terminal.progress(lines[0].name) as tell:
        runners = [_Runner(one, replications, seed, processes, tell) for one in scenarios]
        base = tuple(runner({}) for runner in runners)
        _check(base[0], asked)
        swept = [_sweep(runner, parameters) for runner in runners]
        own = runners[0].scenario.own(dict.fromkeys(parameters, 0.0))
        bars = tornado(base[0], {key: runs for key, runs in swept[0].items() if key[0] in own}, asked)
        verdicts = between((base[0], base[1]), (swept[0], swept[1])) if len(base) > 1 else goals(base[0], swept[0])
        if not bars:
            left_out.append(f"Nothing that was moved is of {lines[0].name}; all is of {lines[-1].name}.")
        joint = _Joint(runners[0], asked, seed, left_out)
        screened = joint.screened(bars) if morris else None
        indices = joint.indices(bars, screened) if sobol else None
    found = Sensitivity(base, asked, bars, verdicts, screened, indices, tuple(left_out))
    if plot is not None:
        write_text(plot, sensitivity_figure(found))
        terminal.say(f"Picture: {plot}")
    terminal.show(
        json.dumps(sensitivity_json(found), indent=2, allow_nan=False) if as_json else sensitivity_text(found)
    )


def _ranges(texts: Sequence[str]) -> list[Range]:
    """Raises ScenarioRefused with all that is wrong."""
    from .scenarios.varied import read_range
    from .sim.errors import ScenarioRefused

    found, problems = [], []
    for text in texts:
        try:
            found.append(read_range(text))
        except ValueError as error:
            problems.append(f"--over: {error}")
    if problems:
        raise ScenarioRefused(problems)
    return found


def _kpi(word: str, line: Line) -> str:
    from .scenarios.tolerance import kpi_named
    from .sim.errors import ScenarioRefused

    try:
        return kpi_named(word, [line])
    except ValueError as error:
        raise ScenarioRefused(f"--kpi: {error}") from None


def _check(base: Runs, kpi: str) -> None:
    """Raises ScenarioRefused where there is nothing to hold against."""
    from math import isfinite

    from .scenarios.sensitivity import mean_of
    from .sim.errors import ScenarioRefused

    if not isfinite(mean_of(base, kpi)):
        rule = f"{kpi} has no mean, as some run of {base.line.name} did not finish, or nothing tells of it"
        raise ScenarioRefused(f"--kpi {kpi}: {rule}. Name another with --kpi, or a longer horizon in the scenario.")


@dataclass
class _Runner:
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
        from .sim.replicate import replicate

        return replicate(self.scenario.line(moves), self.replications, self.seed, self.processes)


def _sweep(runner: _Runner, parameters: Sequence[Parameter]) -> Swept:
    """The runs with each parameter at each end."""
    from .scenarios.sensitivity import ENDS

    settings = [(one, end) for one in parameters for end in ENDS]
    found = {}
    for done, (one, end) in enumerate(settings):
        runner.tell(done, len(settings), f"{runner.scenario.path.stem}: {one.name}")
        found[one, end] = runner({one: ENDS[end]})
    return found


@dataclass
class _Joint:
    """What parameters do when all of them vary at once. notes: is added to where something cannot be told."""

    runner: _Runner
    kpi: str
    seed: int
    notes: list[str]

    def screened(self, bars: Sequence[Bar]) -> dict[Parameter, Screened] | None:
        """Morris' screening of all, the largest first; None where it cannot be told."""
        from .scenarios.screening import morris, morris_runs
        from .scenarios.sensitivity import ENDS

        parameters = [bar.parameter for bar in bars]
        low, high = ENDS.values()

        def moves(point: Floats) -> Moves:
            return dict(zip(parameters, (low + (high - low) * point).tolist(), strict=True))

        model = self._model("--morris", morris_runs(len(parameters)), moves)
        found = morris(len(parameters), model, self.seed) if parameters else None
        if found is None:
            self.notes.append(f"--morris: {self.kpi} could not be computed everywhere, or there is nothing to move.")
            return None
        return dict(sorted(zip(parameters, found, strict=True), key=lambda pair: -pair[1].mu_star))

    def indices(self, bars: Sequence[Bar], screened: dict[Parameter, Screened] | None) -> dict[Parameter, Index] | None:
        """Sobol's indices of the largest, by the screening where there was one, else by swing; None where they cannot
        be told."""
        from .scenarios.screening import MOST, POINTS, sobol, sobol_runs

        sizes = {bar.parameter: bar.swing for bar in bars}
        if screened is not None:
            sizes = {one: each.mu_star for one, each in screened.items()}
        parameters = [one for one, size in sizes.items() if size > 0][:MOST]

        def moves(point: Floats) -> Moves:
            return {one: one.quantile(share) for one, share in zip(parameters, point.tolist(), strict=True)}

        model = self._model("--sobol", sobol_runs(len(parameters), POINTS), moves)
        found = sobol(len(parameters), model, self.seed, POINTS) if parameters else None
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
        from .scenarios.sensitivity import mean_of
        from .sim.errors import Infeasible, ScenarioRefused

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
