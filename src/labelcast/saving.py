"""The commands about saved runs and answers: what is there, does it come out again, what stands behind a number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal
from .sim.errors import ScenarioRefused

if TYPE_CHECKING:
    from .scenarios.saved import Saved, SavedAnswer, Sources
    from .sim.replicate import Runs
    from .sim.stopping import Precision

ROOT = Path("runs")

READERS = ("manager", "finance", "lead")
"""For whom there are pages."""

Save = Annotated[
    Path | None,
    typer.Option(
        envvar="LABELCAST_RUNS", metavar="FOLDER", help="Save the run, with all it rests on, in a folder below this."
    ),
]
SaveAnswer = Annotated[
    Path | None,
    typer.Option(
        "--save", envvar="LABELCAST_RUNS", metavar="FOLDER", help="Save the answer, with all it rests on, below this."
    ),
]
Run = Annotated[str, typer.Argument(help="A run's folder, or its name or the beginning of that below --runs.")]
Below = Annotated[Path, typer.Option("--runs", metavar="FOLDER", envvar="LABELCAST_RUNS", help="Where runs are.")]
Processes = Annotated[int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def add(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("runs")(list_runs)
    app.command()(rerun)
    app.command()(explain)
    app.command()(report)


def rests_on(save: Path | None, scenario: Path, profile: Path | None) -> Sources | None:
    """The files of a run that is to be saved, None for one that is not."""
    from .scenarios.saved import sources

    terminal.folder(save)
    return None if save is None else sources(scenario, profile)


def write(save: Path | None, read: Sources | None, wanted: int | Precision, engine: str, runs: Runs) -> None:
    """Saves a run, where it is to be, and says where."""
    from .scenarios.saved import Asked
    from .scenarios.saved import save as write_run

    if save is None or read is None:
        return
    saved = write_run(save, Asked(wanted, runs.seed, engine, runs.level), read, runs, terminal.typed_now())
    terminal.say(f"Run: {saved.folder}")


def list_runs(
    folder: Annotated[Path, typer.Argument(envvar="LABELCAST_RUNS", help="Where runs were saved.")] = ROOT,
    as_json: Json = False,
) -> None:
    """List the runs and answers that were saved below a folder, newest last, runs with cost, finish and accuracy."""
    from .reports.saved_text import runs_json, runs_text
    from .scenarios.saved import runs_in
    from .sim.errors import DataRefused

    if not folder.is_dir():
        rule = "no folder of runs is there"
        raise DataRefused(f"{folder}: {rule}. Save one with `labelcast run PLAN --save {folder}`, or name another.")
    found = runs_in(folder)
    terminal.show(json.dumps(runs_json(found), indent=2, ensure_ascii=False) if as_json else runs_text(folder, found))


def rerun(run: Run, runs: Below = ROOT, processes: Processes = None, as_json: Json = False) -> None:
    """Make a saved run or answer again from its manifest, and say if the bytes are the same; exit code 6 if not."""
    from .reports.saved_text import again_json, again_text
    from .scenarios.saved import SavedAnswer, again

    saved = _opened(run, runs)
    if isinstance(saved, SavedAnswer):
        _ask_again(saved, processes, as_json)
        return
    line, asked = saved.line, saved.manifest
    terminal.prepare(asked.asked.engine)
    with terminal.progress(f"{line.name}: {asked.replications} replications") as tell:
        found = again(saved, processes, tell)
    terminal.show(json.dumps(again_json(found), indent=2, ensure_ascii=False) if as_json else again_text(found))
    if not found.same:
        raise typer.Exit(6)


def explain(
    run: Run,
    kpi: Annotated[
        str, typer.Argument(help="Name of a KPI, as `run --json` prints it; of an answer, of a number in its JSON.")
    ],
    runs: Below = ROOT,
    log: Annotated[Path | None, typer.Option(help="A log of this run, to count its rows as well.")] = None,
    replication: Annotated[int, typer.Option(min=0, help="With --log: which replication of it.")] = 0,
    csv: Annotated[Path | None, typer.Option(help="Write the rows behind the number to this CSV file.")] = None,
    as_json: Json = False,
) -> None:
    """Say what stands behind a number of a saved run or answer: formula, inputs, seeds, versions, and its rows."""
    from .reports.explain import explain as behind
    from .reports.explain import explanation_csv, explanation_json, explanation_text
    from .scenarios.saved import SavedAnswer
    from .sim.files import write_text

    terminal.files(csv)
    saved = _opened(run, runs)
    if isinstance(saved, SavedAnswer):
        _explain_answer(saved, kpi, log, csv, as_json)
        return
    found = behind(saved, kpi, log, replication)
    if csv is not None:
        write_text(csv, explanation_csv(found))
        terminal.say(f"Rows: {csv}")
    told = explanation_json(found) if as_json else None
    terminal.show(explanation_text(found) if told is None else json.dumps(told, indent=2, ensure_ascii=False))


def report(
    run: Run,
    runs: Below = ROOT,
    reader: Annotated[
        str | None,
        typer.Option("--for", metavar="|".join(READERS), help="The page of a run or answer for this reader."),
    ] = None,
    stress: Annotated[bool, typer.Option("--stress", help="The STRESS-DES checklist, as Markdown or HTML.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="The file: .html, or .md for --stress, which is printed if not said.")
    ] = None,
    figures: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="With --for: also write its pictures here, as SVG and PNG.")
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=LOW..HIGH", help="With --for manager: what may be between; repeatable."),
    ] = None,
    plan: Annotated[str | None, typer.Option(help="With --for lead, of a comparison: which of its plans.")] = None,
    processes: Processes = None,
) -> None:
    """Write the report of a saved run, its page for one reader, or the checklist by which studies are reported."""
    from .reports.page import write_report
    from .reports.stress import stress_html, stress_markdown
    from .scenarios.saved import SavedAnswer
    from .sim.files import write_text

    _check_report(reader, stress, out, figures, over, plan)
    saved = _opened(run, runs)
    if reader is not None:
        assert out is not None
        _page(saved, reader, out, figures, over or [], plan, processes)
        return
    if isinstance(saved, SavedAnswer):
        rule = f"is an answer of `labelcast {saved.manifest.question.name}`, and reports are of runs"
        mend = f"Say for whom: --for {'|'.join(READERS)}; or read {saved.folder}/answer.txt"
        raise ScenarioRefused(f"{saved.name}: {rule}. {mend}.")
    if not stress:
        assert out is not None
        write_report(out, [saved.runs], None)
    elif out is None:
        terminal.show(stress_markdown(saved))
        return
    else:
        write_text(out, stress_html(saved) if out.suffix in (".html", ".htm") else stress_markdown(saved))
    terminal.say(f"Report: {out}")


def _check_report(
    reader: str | None, stress: bool, out: Path | None, figures: Path | None, over: list[str] | None, plan: str | None
) -> None:
    """Refuses, before any work is done, what cannot be meant together."""
    terminal.files(out)
    terminal.folder(figures)
    problems = []
    if reader is not None and reader not in READERS:
        problems.append(f"--for {reader!r}: must be one of {', '.join(READERS)}. Write one of these.")
    if reader is not None and stress:
        problems.append("--for and --stress are both said, but each is a page of its own. Say one.")
    if reader is None:
        only = {"--figures": figures, "--over": over, "--plan": plan}
        problems += [f"{name}: belongs to --for, but that is not said. Say both." for name, one in only.items() if one]
    if out is None and not stress:
        problems.append("--out: the report is a page, so it needs a file. Say --out report.html, or --stress.")
    elif reader is not None and out is not None and out.suffix.lower() not in (".html", ".htm"):
        problems.append(f"{out}: a page is written here, which ends in .html. Name it {out.with_suffix('.html')}.")
    if problems:
        raise ScenarioRefused(problems)


def _page(
    saved: Saved | SavedAnswer,
    reader: str,
    out: Path,
    figures: Path | None,
    over: list[str],
    plan: str | None,
    processes: int | None,
) -> None:
    from .answers.pages import page_of
    from .reports.pages import page_html, write_figures
    from .sim.files import write_text

    sheet = page_of(saved, reader, over=over, plan=plan, processes=processes)
    write_text(out, page_html(sheet))
    terminal.say(f"Page: {out}")
    if figures is not None:
        written = write_figures(figures, sheet)
        terminal.say(f"Figures: {len(written)} files in {figures}")


def _ask_again(saved: SavedAnswer, processes: int | None, as_json: bool) -> None:
    from .answers.saved import ask_again
    from .reports.saved_text import asked_again_json, asked_again_text

    found = ask_again(saved, processes)
    told = (saved, found.files, found.surroundings, found.numbers)
    terminal.show(
        json.dumps(asked_again_json(*told), indent=2, ensure_ascii=False) if as_json else asked_again_text(*told)
    )
    if not found.same:
        raise typer.Exit(6)


def _explain_answer(saved: SavedAnswer, number: str, log: Path | None, csv: Path | None, as_json: bool) -> None:
    from .reports.explain import answer_explanation_json, answer_explanation_text, explain_answer

    if log is not None or csv is not None:
        option = "--log" if log is not None else "--csv"
        rule = "belongs to a KPI of a run, but this is an answer, which is made of several runs"
        raise ScenarioRefused(f"{option}: {rule}. Leave it out; --json has all that is told.")
    found = explain_answer(saved, number)
    told = answer_explanation_json(found) if as_json else None
    terminal.show(answer_explanation_text(found) if told is None else json.dumps(told, indent=2, ensure_ascii=False))


def _opened(run: str, root: Path) -> Saved | SavedAnswer:
    """The run or answer, and a word where it was made by other versions than these."""
    from .scenarios.saved import Saved, differences, opened_any, run_named
    from .scenarios.saved.manifest import versions

    saved = opened_any(run_named(run, root))
    if other := differences(saved.manifest.versions, versions()):
        terminal.say(f"{saved.name}: was run with other versions ({'; '.join(other)}): numbers may differ today.")
    if isinstance(saved, Saved) and (changed := saved.changed):
        terminal.say(f"{saved.name}: {changed}: numbers may differ, and inputs are told as they are read today.")
    return saved
