"""Logs stay small, and what the page reports repeats no story."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import log
from desktop.main.house import _report
from desktop.protocol.diagnosis import ReportParams


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Path]:
    import faulthandler

    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook)
    log.start(tmp_path)
    yield tmp_path
    for handler in root.handlers:
        handler.close()
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])
    faulthandler.disable()


def test_logs_are_turned_over_and_never_grow_beyond_their_share(logs: Path) -> None:
    line = "x" * 100_000
    for _ in range(60):
        log.logger.warning(line)
    files = sorted(logs.glob("persona-chat.log*"))
    assert len(files) == 1 + log.KEPT_FILES
    assert sum(file.stat().st_size for file in files) <= len(files) * log.MAX_BYTES


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("Unexpected token 'T', \"The lighthouse went dark\" is not valid JSON", "not valid JSON"),
        ('Unexpected token, "The lighthouse went da', "Unexpected token"),
        ("등대가 꺼졌다 is not a function", "is not a function"),
        ("boom api_key=lighthouse-secret", "boom"),
    ],
)
async def test_an_error_of_the_page_is_logged_without_what_it_repeats(
    logs: Path, message: str, kept: str
) -> None:
    reported = await _report(ReportParams(message=message, stack="at app.js:1:2"))
    told = (logs / "persona-chat.log").read_text("utf-8")
    assert reported.log_id in told
    assert kept in told
    assert "app.js:1:2" in told
    assert "lighthouse" not in told
    assert "등대" not in told
