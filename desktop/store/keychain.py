"""The only place that touches secrets: they go into the system's keychain and to one caller."""

import asyncio
from types import ModuleType

from desktop.protocol.problems import Trouble, problem

SERVICE = "persona-chat"


class Keychain:
    """Named secrets of this profile. Every method leaves the loop free: a keychain may ask.

    Raises ``Trouble(storage_failed)`` with the detail ``keychain_missing`` where the system has
    none, ``keychain_locked`` where it will not open, ``keychain_failed`` for anything else. No
    error ever carries a secret.
    """

    def __init__(self, service: str = SERVICE) -> None:
        self._service = service

    async def present(self, name: str) -> bool:
        """Whether there is such a secret: all that may ever be told outward."""
        return bool(await self.get(name))

    async def get(self, name: str) -> str | None:
        answer = await asyncio.to_thread(_ask, "get_password", self._service, name)
        return answer if isinstance(answer, str) else None

    async def set(self, name: str, secret: str) -> None:
        await asyncio.to_thread(_ask, "set_password", self._service, name, secret)

    async def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is forgotten already."""
        if await self.present(name):
            await asyncio.to_thread(_ask, "delete_password", self._service, name)


def _ask(verb: str, *values: str) -> object:
    # Imported here, on a worker thread: it costs a tenth of the whole start.
    import keyring  # noqa: PLC0415
    import keyring.errors  # noqa: PLC0415

    if not _is_trusted(keyring):
        raise Trouble(problem("storage_failed", detail="keychain_missing"))
    try:
        return getattr(keyring, verb)(*values)
    except keyring.errors.NoKeyringError:
        detail = "keychain_missing"
    except (keyring.errors.InitError, keyring.errors.KeyringLocked):
        detail = "keychain_locked"
    except Exception:  # noqa: BLE001 - backends raise whatever their system library raises
        detail = "keychain_failed"
    # Outside the handler: a backend's error may repeat what it was given.
    raise Trouble(problem("storage_failed", detail=detail))


def _is_trusted(keyring: ModuleType) -> bool:
    """Only the backends of the system itself.

    The packages keyrings.alt and keyrings.cryptfile push themselves to the front wherever they
    are installed; they write plain text or ask for a password on a terminal we do not have.
    """
    return type(keyring.get_keyring()).__module__.startswith("keyring.backends.")
