"""The long run of spoiled exports; `make fuzz`.

    python -m fuzzing.prove [--cases N] [--seed N] [--from N] [--keep FOLDER]

Prints what came of them, and each fault once with the cases that showed it. Ends with 1 where there was a fault.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter, defaultdict
from pathlib import Path

from .cases import calibrated_once, outcome, spoiled

LONGEST_S = 30.0
"""A case that takes longer, by the clock of the processor, hangs."""


def main() -> int:
    """The run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="first", type=int, default=0, help="number of the first case")
    parser.add_argument("--keep", type=Path, default=None, help="where to write files that showed a fault")
    given = parser.parse_args()
    warnings.simplefilter("error")
    signal.signal(signal.SIGPROF, _late)
    calibrated_once()
    begun, came = time.monotonic(), Counter[str]()
    faults: dict[str, list[int]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.first, given.first + given.cases):
            data, how = spoiled(given.seed, number)
            signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
            try:
                came[outcome(data, number, Path(folder))] += 1
            except Exception as fault:
                came["fault"] += 1
                told = "".join(traceback.format_exception(fault)).strip()
                last = "\n".join(told.splitlines()[-7:])
                if last not in faults:
                    print(f"case {number} ({how}):\n{told}\n", file=sys.stderr, flush=True)
                faults[last].append(number)
                if given.keep is not None:
                    given.keep.mkdir(parents=True, exist_ok=True)
                    (given.keep / str(number)).write_bytes(data)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            if number % 1000 == 999:
                print(
                    f"{number + 1} cases, {dict(came)}, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True
                )
    for last, numbers in faults.items():
        print(f"{len(numbers)} x (first: case {numbers[0]}) {last.splitlines()[-1]}")
    print(f"{given.cases} spoiled files, seed {given.seed}: {came['table']} tables, {came['refused']} refusals, "
          f"{came['fault']} faults, {time.monotonic() - begun:.0f} s")  # fmt: skip
    return 1 if faults else 0


def _late(*_: object) -> None:
    raise TimeoutError(f"longer than {LONGEST_S} s")


if __name__ == "__main__":
    sys.exit(main())
