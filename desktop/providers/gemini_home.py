"""The home Gemini CLI gets from us: its locks, the person's sign-in, and nothing else of theirs.

``GEMINI_CLI_HOME`` moves everything the CLI looks for under ``~/.gemini``. The system settings
would be the natural place for locks, but a file not owned by root is ignored there.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from desktop.providers.shared_sign_in import link, settings
from desktop.providers.talk import File, Place

_KINDS = ("oauth-personal", "gemini-api-key", "vertex-ai", "cloud-shell", "compute-default")
_LENT = ("oauth_creds.json", "google_accounts.json", "gemini-credentials.json", "installation_id")
_KEY_NAMES = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
_ACCOUNTS = {"oauth-personal": "google", "vertex-ai": "vertex", "gemini-api-key": "api key"}

_NO_TOOLS = '[[rule]]\ntoolName = "*"\ndecision = "deny"\npriority = 999\n'

_LOCKS: dict[str, object] = {
    "tools": {"core": []},
    "context": {
        "fileName": ["__none__.md"],
        "includeDirectoryTree": False,
        "discoveryMaxDirs": 1,
        "loadMemoryFromIncludeDirectories": False,
    },
    "hooksConfig": {"enabled": False},
    "skills": {"enabled": False},
    "experimental": {"enableAgents": False},
    "mcpServers": {},
    "mcp": {"allowed": []},
    "general": {
        "enableAutoUpdate": False,
        "enableAutoUpdateNotification": False,
        "checkpointing": {"enabled": False},
        # Tries are told on stderr only; ten of them are minutes of silence.
        "maxAttempts": 2,
    },
    "privacy": {"usageStatisticsEnabled": False},
    "telemetry": {"enabled": False},
    "model": {"skipNextSpeakerCheck": True},
    "advanced": {"ignoreLocalEnv": True, "autoConfigureMemory": False},
}


def home(place: Place) -> Path:
    """One for each process, gone with it: the CLI records every conversation in its home."""
    return place.temp / "h"


def system_file(place: Place) -> Path:
    return home(place) / "system.md"


def policy_file(place: Place) -> Path:
    return home(place) / "deny_all.toml"


def settings_file(place: Place) -> Path:
    return home(place) / ".gemini" / "settings.json"


def files(place: Place, system: str) -> tuple[File, ...]:
    """The files of the home. Reads the kind of sign-in from the person's settings."""
    auth = {"selectedType": kind} if (kind := _chosen(place.user_home)) else {}
    security = {"auth": auth, "folderTrust": {"enabled": True}, "disableYoloMode": True}
    return (
        File(path=settings_file(place), text=json.dumps({**_LOCKS, "security": security})),
        File(path=policy_file(place), text=_NO_TOOLS),
        # An empty file would bring the CLI's own system prompt back.
        File(path=system_file(place), text=system or " "),
    )


def lend_sign_in(place: Place) -> None:
    """Link what the person is signed in with into the home. Raises ``Trouble``."""
    theirs = place.user_home / ".gemini"
    for name in _LENT:
        link(theirs / name, home(place) / ".gemini" / name)
    # Of this file only names of keys and projects are taken: the working folder is not trusted.
    env_file = _env_file(place.user_home)
    if env_file:
        link(env_file, home(place) / ".env")


def signed_in(
    place: Place, env: Mapping[str, str]
) -> tuple[Literal["ready", "installed", "signed_out"], str]:
    """How the person stands with Gemini, and by what; reads files, asks nobody.

    ``installed``: a kind of sign-in is chosen, but whether it holds only a turn can tell. The
    account is ``google``, ``api key`` or ``vertex``.
    """
    kind = _chosen(place.user_home) or _by_environment(env)
    theirs = place.user_home / ".gemini"
    has_google = (theirs / "oauth_creds.json").is_file()
    if not kind and has_google:
        kind = "oauth-personal"
    has_key = any(env.get(name) for name in _KEY_NAMES) or _env_file_has_key(place.user_home)
    account = _ACCOUNTS.get(kind, "")
    if kind == "oauth-personal":
        return ("ready" if has_google else "installed"), account
    if kind in ("", "gemini-api-key"):
        if has_key:
            return "ready", "api key"
        # The key may lie in the system's keychain, which only the CLI asks.
        return ("installed", account) if kind else ("signed_out", "")
    return "installed", account


def _chosen(user_home: Path) -> str:
    theirs = settings(user_home / ".gemini" / "settings.json")
    security = theirs.get("security")
    auth = security.get("auth") if isinstance(security, dict) else None
    # The second is where versions before 0.3 kept it.
    kind = auth.get("selectedType") if isinstance(auth, dict) else theirs.get("selectedAuthType")
    if isinstance(kind, str) and kind in _KINDS:
        return kind
    return ""


def _by_environment(env: Mapping[str, str]) -> str:
    if env.get("GOOGLE_GENAI_USE_GCA") == "true":
        return "oauth-personal"
    if env.get("GOOGLE_GENAI_USE_VERTEXAI") == "true":
        return "vertex-ai"
    return "gemini-api-key" if env.get("GEMINI_API_KEY") else ""


def _env_file(user_home: Path) -> Path | None:
    for path in (user_home / ".gemini" / ".env", user_home / ".env"):
        if path.is_file():
            return path
    return None


def _env_file_has_key(user_home: Path) -> bool:
    path = _env_file(user_home)
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path else []
    except (OSError, UnicodeDecodeError):
        return False
    names = (line.partition("=")[0].strip().removeprefix("export ").strip() for line in lines)
    return any(name in _KEY_NAMES for name in names)
