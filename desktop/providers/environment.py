"""The environment a CLI gets: an allow-list, never a copy of ours.

A parent's ``CLAUDECODE`` or ``CLAUDE_CODE_*`` changes how Claude Code behaves, and other
programs' secrets are no business of a CLI.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

_POSIX = ("HOME", "USER", "LOGNAME", "LANG", "TZ", "XDG_CONFIG_HOME", "XDG_DATA_HOME")

_WINDOWS = (
    "ALLUSERSPROFILE",
    "APPDATA",
    "COMSPEC",
    "COMMONPROGRAMFILES",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "NUMBER_OF_PROCESSORS",
    "OS",
    "PATHEXT",
    "PROCESSOR_ARCHITECTURE",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "PROGRAMW6432",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "USERDOMAIN",
    "USERNAME",
    "USERPROFILE",
    "WINDIR",
)

_NETWORK = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "NODE_USE_SYSTEM_CA",
)

# Droid tells its model the name of each variable: elsewhere nobody looks at the other two.
_TEMP = ("TMPDIR", "TEMP", "TMP") if os.name == "nt" else ("TMPDIR",)

_PLAIN = frozenset((*_POSIX, *_WINDOWS, *_NETWORK))


def handed_on(
    environ: Mapping[str, str],
    *,
    names: Iterable[str] = (),
    path: str = "",
    temp: Path | None = None,
    home: Path | None = None,
) -> dict[str, str]:
    """What of ``environ`` a CLI may see.

    ``names`` are the vendor's own variables (keys, base URLs) of its catalogue row. ``path``
    replaces PATH, ``temp`` becomes TMPDIR (on Windows TEMP and TMP too) and ``home`` HOME (and
    USERPROFILE).
    """
    vendor = frozenset(names)
    kept = {name: value for name, value in environ.items() if _allowed(name, vendor)}
    kept["PATH"] = path or environ.get("PATH", os.defpath)
    if temp is not None:
        kept.update(dict.fromkeys(_TEMP, str(temp)))
    if home is not None:
        kept["HOME"] = str(home)
        if "USERPROFILE" in kept:
            kept["USERPROFILE"] = str(home)
    return kept


def _allowed(name: str, vendor: frozenset[str]) -> bool:
    # Proxies are spelt in both cases, and Windows keeps whatever case a name was set in.
    upper = name.upper()
    return name in vendor or upper in _PLAIN or upper.startswith("LC_")
