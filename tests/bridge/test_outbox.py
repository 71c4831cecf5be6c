"""The outbox: order, numbers, marks, and a page that is slow, gone or dead."""

import json
import threading
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.bridge.outbox import RELOAD, Outbox
from desktop.protocol.events import MessageGrew


def grew(text: Any, message_id: Any = "m") -> Any:
    return MessageGrew(message_id=message_id, text=text)


class Page:
    """Takes scripts like a window; ``block`` makes it busy."""

    def __init__(self) -> None:
        self.batches: list[Any] = []
        self.reloads = 0
        self.threads: set[str] = set()
        self.times: list[float] = []
        self.free = threading.Event()
        self.free.set()
        self.entered = threading.Event()
        self.fail = False

    def push(self, code: Any) -> None:
        self.threads.add(threading.current_thread().name)
        self.times.append(time.monotonic())
        self.entered.set()
        self.free.wait(10)
        if self.fail:
            raise RuntimeError("no window")
        if code == RELOAD:
            self.reloads += 1
        else:
            self.batches.append(json.loads(code[code.index("personaReceive(") + 15 : -1]))

    @property
    def text(self) -> Any:
        return "".join(event["text"] for batch in self.batches for event in batch["events"])


def wait_until(true: Any, seconds: Any = 5) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never became true"
        time.sleep(0.002)


@pytest.fixture
def page() -> Any:
    return Page()


@pytest.fixture
def outbox(page: Any) -> Any:
    made = Outbox(frame_s=0.001)
    yield made
    page.free.set()
    made.stop()


def test_every_event_after_the_opening_arrives_once_and_in_order(outbox: Any, page: Any) -> None:
    outbox.emit(grew("before"))
    assert outbox.opened() == 1
    outbox.start(page.push)
    for number in range(500):
        outbox.emit(grew(f"{number},", "ab"[number % 2]))
    wait_until(lambda: page.batches and page.batches[-1]["last"] == 501)
    assert page.text == "".join(f"{number}," for number in range(500))
    assert [b["last"] for b in page.batches] == sorted({b["last"] for b in page.batches})


def test_the_emitting_thread_never_pushes_and_never_waits(outbox: Any, page: Any) -> None:
    page.free.clear()
    outbox.opened()
    outbox.start(page.push)
    outbox.emit(grew("a"))
    page.entered.wait(5)
    for _ in range(1_000):
        outbox.emit(grew("b"))  # would hang here if it waited for the page
    page.free.set()
    wait_until(lambda: page.text == "a" + "b" * 1_000)
    assert threading.current_thread().name not in page.threads
    assert len(page.batches) == 2, "what gathered while the page was busy goes in one push"


def test_pushes_keep_a_frame_apart(page: Any) -> None:
    outbox = Outbox(frame_s=0.05)
    outbox.opened()
    outbox.start(page.push)
    for _ in range(6):
        before = len(page.batches)
        outbox.emit(grew("x"))
        wait_until(lambda before=before: len(page.batches) > before)
    outbox.stop()
    gaps = [after - before for before, after in zip(page.times, page.times[1:], strict=False)]
    assert min(gaps) >= 0.049


def test_nothing_is_kept_before_a_page_has_opened(outbox: Any, page: Any) -> None:
    outbox.start(page.push)
    for _ in range(100):
        outbox.emit(grew("lost on purpose"))
    assert outbox.opened() == 100
    outbox.emit(grew("new"))
    wait_until(lambda: page.text == "new")
    assert page.batches[0]["last"] == 101


def test_an_opening_page_is_not_sent_what_its_answer_tells_it(outbox: Any, page: Any) -> None:
    outbox.opened()
    outbox.start(page.push)
    page.free.clear()
    outbox.emit(grew("under way"))
    assert page.entered.wait(5)
    outbox.emit(grew("waiting"))
    assert outbox.opened() == 2
    outbox.emit(grew("after"))
    page.free.set()
    wait_until(lambda: len(page.batches) == 2)
    assert [(b["last"], b["events"][0]["text"]) for b in page.batches] == [
        (1, "under way"),
        (3, "after"),
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["emit", "mark"]), max_size=40))
def test_no_batch_reaches_across_a_mark(steps: Any) -> None:
    outbox, page, marks = Outbox(frame_s=0), Page(), []
    outbox.opened()
    for step in steps:
        if step == "emit":
            outbox.emit(grew("x"))
        else:
            marks.append(outbox.mark())
    total = steps.count("emit")
    outbox.start(page.push)
    wait_until(lambda: not total or (page.batches and page.batches[-1]["last"] == total))
    outbox.stop()
    lasts = [0] + [batch["last"] for batch in page.batches]
    assert page.text == "x" * total
    for mark in marks:
        assert mark in lasts


def test_a_page_that_falls_too_far_behind_is_reloaded_and_memory_stays_bounded(page: Any) -> None:
    outbox = Outbox(frame_s=0.001, max_waiting=100)
    outbox.opened()
    outbox.start(page.push)
    page.free.clear()
    outbox.emit(grew("first"))
    assert page.entered.wait(5)
    for _ in range(1_000):
        outbox.emit(grew("x"))
    assert len(outbox._waiting) <= 100
    page.free.set()
    wait_until(lambda: page.reloads == 1)
    outbox.emit(grew("still not opened"))
    assert outbox.opened() == 1_002
    outbox.emit(grew("again"))
    wait_until(lambda: page.text == "firstagain")
    assert page.reloads == 1
    outbox.stop()


def test_a_push_that_fails_does_not_end_the_sending(outbox: Any, page: Any) -> None:
    outbox.opened()
    outbox.start(page.push)
    page.fail = True
    outbox.emit(grew("lost"))
    wait_until(lambda: page.times)
    page.fail = False
    outbox.opened()
    outbox.emit(grew("back"))
    wait_until(lambda: page.text == "back")


def test_a_push_that_never_returns_is_left_behind_when_the_page_is_revived(
    outbox: Any, page: Any
) -> None:
    outbox.opened()
    outbox.start(page.push)
    page.free.clear()
    outbox.emit(grew("into the dead page"))
    assert page.entered.wait(5)
    held = page.free
    page.free = threading.Event()
    page.free.set()
    outbox.restart()
    outbox.opened()
    outbox.emit(grew("alive"))
    wait_until(lambda: page.text == "alive")
    held.set()
    wait_until(lambda: len(page.batches) == 2)
    outbox.emit(grew("once"))
    wait_until(lambda: "once" in page.text)
    assert page.text.count("once") == 1
