"""One program per data folder: the first holds the lock, a second one calls it forward."""

import json
import logging
import os
import secrets
import sys
import tempfile
import threading
from collections.abc import Callable
from multiprocessing.connection import Client, Listener
from pathlib import Path

from filelock import FileLock, Timeout

COME_FORWARD = b"come forward"
DONE = b"done"
MAX_SOCKET_PATH = 100
"""AF_UNIX addresses end at 108 bytes on Linux and 104 on macOS."""

logger = logging.getLogger(__name__)


class SingleInstance:
    """``claim`` first; then ``listen`` if it was granted, or ``call_forward`` if it was not."""

    def __init__(self, lock: Path, card: Path) -> None:
        self._lock = FileLock(lock, mode=0o600)
        self._card = card
        """The file that tells a second start where to call, and with which key."""
        self._listener: Listener | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def claim(self) -> bool:
        """True if no other program holds the data. The system gives it back when we die."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def listen(self, come_forward: Callable[[], None]) -> None:
        """Answer calls of later starts on a thread. Opens no TCP port."""
        key = secrets.token_bytes(32)
        self._listener = Listener(self._address(), authkey=key)
        address = self._listener.address
        temporary = self._card.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600, exist_ok=False)
        temporary.write_text(json.dumps({"address": address, "key": key.hex()}), "utf-8")
        temporary.replace(self._card)
        threading.Thread(
            target=self._answer, args=(self._listener, come_forward), name="instance", daemon=True
        ).start()

    def call_forward(self) -> bool:
        """Ask the program that holds the lock to show its window. True if it said it did."""
        try:
            card = json.loads(self._card.read_text("utf-8"))
            with Client(card["address"], authkey=bytes.fromhex(card["key"])) as connection:
                # Bytes only: ``recv`` would unpickle whatever comes.
                connection.send_bytes(COME_FORWARD)
                return connection.poll(5) and connection.recv_bytes(64) == DONE
        except Exception:
            logger.warning("the other program did not answer", exc_info=True)
            return False

    def release(self) -> None:
        if self._listener is not None:
            self._card.unlink(missing_ok=True)
            self._listener.close()
            self._listener = None
        if self._folder is not None:
            self._folder.cleanup()
        self._lock.release()

    def _address(self) -> str:
        if sys.platform == "win32":
            return rf"\\.\pipe\persona-chat-{secrets.token_hex(16)}"
        path = self._card.with_name("window.sock")
        if len(os.fsencode(path)) > MAX_SOCKET_PATH:
            self._folder = tempfile.TemporaryDirectory(prefix="persona-chat-")
            path = Path(self._folder.name) / "window.sock"
        path.unlink(missing_ok=True)
        return str(path)

    def _answer(self, listener: Listener, come_forward: Callable[[], None]) -> None:
        while self._listener is listener:
            try:
                with listener.accept() as connection:
                    if connection.poll(5) and connection.recv_bytes(64) == COME_FORWARD:
                        come_forward()
                        connection.send_bytes(DONE)
            except Exception:
                # A stranger with a wrong key, or a caller that hung up.
                if self._listener is listener:
                    logger.info("a call from another start failed", exc_info=True)
