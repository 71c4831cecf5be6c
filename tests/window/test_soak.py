"""Some turns through the real window: handles, threads and what the page holds do not pile up."""

from collections.abc import Callable

from tests.reliability.soak import Soak
from tests.window.harness import App
from tests.window.table import Table

FEW = 4
"""Threads and files that come and go."""


def test_turns_leave_no_handle_no_thread_and_no_listener_behind(
    make_app: Callable[..., App],
) -> None:
    run = Soak(Table(make_app("one", PERSONA_STORYTELLER_PACE="inf")))
    run.go(8)
    early = run.take()
    run.go(16)
    late = run.take()
    assert late.rows > early.rows * 2, "every turn stands on the table"
    assert late.python_fds <= early.python_fds + FEW
    assert late.python_threads <= early.python_threads + FEW
    assert late.page_fds <= early.page_fds + FEW
    # What is held belongs to a row that is drawn, and goes with it.
    assert late.nodes / late.rows <= early.nodes / early.rows * 1.25
    assert late.listeners / late.rows <= early.listeners / early.rows * 1.25
