"""How this installation stands: what an honest bug report begins with."""

import asyncio
import importlib.metadata
import os
import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from desktop.protocol.capabilities import Provider, ProviderStatus
from desktop.protocol.diagnosis import Fact, FactGroup

PACKAGES = ("pywebview", "PySide6", "msgspec", "aiosqlite", "keyring")


async def examine(
    version: str,
    folders: Mapping[str, Path],
    page: Path,
    display: str,
    infos: tuple[Provider, ...],
    statuses: tuple[ProviderStatus, ...],
) -> dict[str, Any]:
    """The facts as JSON-like data. ``display`` says why no window can be shown, or nothing."""
    addresses = {info.id: info.base_url for info in infos if info.base_url}
    return {
        "persona_chat": version,
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": {name: _installed(name) for name in PACKAGES},
        "window": {
            "backend": os.environ.get("PYWEBVIEW_GUI") or _backend(),
            "display": display or "ok",
            "page": str(page) if page.is_file() else "not built",
        },
        "keyring": await asyncio.to_thread(_keyring),
        "folders": {name: _folder(path) for name, path in folders.items()},
        "providers": [_provider(status, addresses) for status in statuses],
    }


def lines(facts: Mapping[str, Any], indent: str = "") -> list[str]:
    """The same for reading."""
    out: list[str] = []
    for name, value in facts.items():
        if value in ("", None, (), []):
            continue
        if isinstance(value, Mapping):
            out += [f"{indent}{name}", *lines(value, indent + "  ")]
        elif isinstance(value, list):
            out.append(f"{indent}{name}")
            for item in value:
                shown = {key: each for key, each in item.items() if key != "id"}
                out += [f"{indent}  {item['id']}", *lines(shown, indent + "    ")]
        else:
            out.append(f"{indent}{name}: {value}")
    return out


def groups(facts: Mapping[str, Any]) -> tuple[FactGroup, ...]:
    """The same for the page: what stands alone first, then one group for each thing."""
    alone = {name: value for name, value in facts.items() if not isinstance(value, Mapping | list)}
    found: dict[str, Mapping[str, Any]] = {"program": alone}
    found |= {name: value for name, value in facts.items() if isinstance(value, Mapping)}
    found |= {each["id"]: each for each in facts["providers"]}
    return tuple(
        FactGroup(
            name=name,
            facts=tuple(
                Fact(name=key, value=private(_told(value)))
                for key, value in group.items()
                if key != "id" and value not in ("", None, (), [])
            ),
        )
        for name, group in found.items()
    )


def private(text: str, home: Path | None = None) -> str:
    """The text without the person's own folder, which names them, and without mail addresses."""
    own = str(home or Path.home())
    if len(own) > 1:
        text = text.replace(own, "~")
    return re.sub(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "[redacted]", text)


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(_told(each) for each in value.values() if each not in ("", None, (), []))
    return " ".join(map(_told, value)) if isinstance(value, list | tuple) else str(value)


def _provider(status: ProviderStatus, addresses: Mapping[str, str]) -> dict[str, Any]:
    """Where it is found, or where it is asked; its key only by the place where that is kept."""
    told: dict[str, Any] = msgspec.to_builtins(status)
    del told["checked_at"]
    if problem := told.pop("problem"):
        told["problem"] = {name: problem[name] for name in ("code", "detail")}
    return told | ({"address": addresses[status.id]} if status.id in addresses else {})


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _backend() -> str:
    return {"linux": "qt", "win32": "edgechromium", "darwin": "cocoa"}.get(sys.platform, "unknown")


def _keyring() -> str:
    try:
        # Slow to import, and needed by this command only.
        import keyring  # noqa: PLC0415, TID251 - only its name is asked, no secret

        found = keyring.get_keyring()
    except Exception as error:  # noqa: BLE001 - a broken keychain is a finding, not a failure
        return f"broken: {type(error).__name__}"
    kind = type(found)
    usable = kind.__module__.startswith("keyring.backends.") and "fail" not in kind.__module__
    return f"{kind.__module__}.{kind.__name__}" + ("" if usable else " (no keychain to use)")


def _folder(path: Path) -> str:
    writable = path.is_dir() and os.access(path, os.W_OK | os.X_OK)
    return f"{path}" + ("" if writable else " (not writable)")
