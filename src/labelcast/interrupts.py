"""Ctrl-C that is never lost: it ends what runs, also where it comes while Python can raise nothing."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from .terminal import Interrupted

AGAIN_S = 0.01
"""After so long an interrupt that was swallowed is sent again."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C raises Interrupted in the block. Where that falls into a finaliser or a callback Python drops it with a
    message; then it is sent again, until it is raised where it ends the work."""
    handler, hook = signal.signal(signal.SIGINT, _interrupt), sys.unraisablehook
    waiting = threading.Event()
    sent: list[threading.Timer] = []

    def send() -> None:
        """Sends it, after which another may wait."""
        waiting.clear()
        _to_main_thread()

    def swallowed(told: sys.UnraisableHookArgs) -> None:
        """Of what Python drops, an interrupt is sent again; all else goes where it went."""
        if not issubclass(told.exc_type, Interrupted):
            hook(told)
        elif not waiting.is_set():  # two that are dropped at once are one
            waiting.set()
            sent.append(threading.Timer(AGAIN_S, send))
            sent[-1].daemon = True
            sent[-1].start()

    sys.unraisablehook = swallowed
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for one in sent:
            one.cancel()
            one.join()
        signal.signal(signal.SIGINT, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted


def _to_main_thread() -> None:
    """Which may sleep, and is woken."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)
