"""Ctrl-C ends what runs, wherever it falls."""

from __future__ import annotations

import gc
import signal
import sys
import time
import weakref

import pytest

from labelcast import cli, interrupts
from labelcast.terminal import Interrupted

LONG_S = 30.0


class Closing:
    """Whose end Ctrl-C falls into, where Python drops what is raised."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


class Held:
    """What a callback waits for the end of."""


def _in_a_finaliser() -> None:
    Closing()
    time.sleep(LONG_S)


def _in_a_callback() -> None:
    held = Held()
    watched = weakref.ref(held, lambda _: signal.raise_signal(signal.SIGINT))
    del held
    gc.collect()
    assert watched() is None
    time.sleep(LONG_S)


def _twice() -> None:
    Closing()
    Closing()
    time.sleep(LONG_S)


@pytest.mark.parametrize("work", [_in_a_finaliser, _in_a_callback, _twice], ids=["finaliser", "callback", "twice"])
def test_a_swallowed_interrupt_comes_again(
    work: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """130 long before the work would be done, and the sentence that tells it; all is as before afterwards."""
    handler, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    monkeypatch.setattr(cli, "app", work)
    begun = time.monotonic()
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 130
    assert time.monotonic() - begun < LONG_S / 2
    assert "interrupted" in capsys.readouterr().err.lower()
    assert signal.getsignal(signal.SIGINT) is handler
    assert sys.unraisablehook is hook


def test_what_else_is_dropped_is_told_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other error of a finaliser goes to the hook that was there, and interrupts nothing."""
    told = list[type[BaseException]]()
    monkeypatch.setattr(sys, "unraisablehook", lambda found: told.append(found.exc_type))

    class Failing:
        def __del__(self) -> None:
            raise ValueError("of no interest")

    with interrupts.interruptible():
        Failing()
        time.sleep(5 * interrupts.AGAIN_S)
    assert told == [ValueError]


def test_nothing_comes_after_the_block() -> None:
    """An interrupt that was dropped at the very end of the work ends with it."""
    came = list[int]()
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        with interrupts.interruptible():
            Closing()
        time.sleep(5 * interrupts.AGAIN_S)
    finally:
        signal.signal(signal.SIGINT, before)
    assert came == []


def test_it_is_raised_where_it_can_be() -> None:
    """In the block as what the command line tells of."""
    with pytest.raises(Interrupted), interrupts.interruptible():
        _interrupted_at_once()


def _interrupted_at_once() -> None:
    signal.raise_signal(signal.SIGINT)
    time.sleep(LONG_S)
