"""Secrets: kept by the system's keychain, typed trouble where there is none."""

import subprocess
import sys
import threading
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from desktop.protocol.problems import Trouble
from desktop.store.keychain import Keychain


class InMemory(keyring.backend.KeyringBackend):
    """A working backend that remembers which thread it was asked on."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.threads: set[threading.Thread] = set()
        self.error: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self.threads.add(threading.current_thread())
        if self.error:
            raise self.error
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.error:
            raise self.error
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


InMemory.__module__ = "keyring.backends.in_memory"


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> InMemory:
    made = InMemory()
    monkeypatch.setattr("keyring.core._keyring_backend", made)
    return made


async def test_a_secret_is_kept_and_forgotten_off_the_loop(backend: InMemory) -> None:
    keychain = Keychain()
    assert not await keychain.present("anthropic")
    await keychain.set("anthropic", "비밀 🔑")
    assert await keychain.present("anthropic")
    assert await keychain.get("anthropic") == "비밀 🔑"
    await keychain.delete("anthropic")
    await keychain.delete("anthropic")
    assert await keychain.get("anthropic") is None
    assert threading.main_thread() not in backend.threads


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (keyring.errors.NoKeyringError("none"), "keychain_missing"),
        (keyring.errors.InitError("prompt dismissed"), "keychain_locked"),
        (keyring.errors.KeyringLocked("locked"), "keychain_locked"),
        (keyring.errors.PasswordSetError("sk-secret"), "keychain_failed"),
        (RuntimeError("sk-secret"), "keychain_failed"),
    ],
)
async def test_a_keychain_that_fails_is_told_without_the_secret(
    backend: InMemory, error: Exception, detail: str
) -> None:
    backend.error = error
    with pytest.raises(Trouble) as caught:
        await Keychain().set("anthropic", "sk-secret")
    assert caught.value.problem.code == "storage_failed"
    assert caught.value.problem.detail == detail
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_a_backend_that_writes_plain_text_is_refused(
    backend: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InMemory, "__module__", "keyrings.alt.file")
    with pytest.raises(Trouble) as caught:
        await Keychain().set("anthropic", "sk-secret")
    assert caught.value.problem.detail == "keychain_missing"
    assert backend.kept == {}


def test_keyring_is_not_loaded_before_its_first_use() -> None:
    code = "import sys, desktop.store.keychain; print('keyring' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        timeout=60,
    )
    assert ran.stdout.strip() == "False", ran.stderr
