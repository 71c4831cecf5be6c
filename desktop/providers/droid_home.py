"""The home Droid gets from us: the person's sign-in or own models, and nothing else of theirs.

Hooks, MCP servers, memory files and settings under ``~/.factory`` take effect whatever the flags
say; only another home (``FACTORY_HOME_OVERRIDE``) keeps them away.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from desktop.protocol.capabilities import Model
from desktop.providers.server_models import count
from desktop.providers.shared_sign_in import link, settings
from desktop.providers.talk import File, Place

OWN_MODEL = "custom:"
"""How the name of a model begins that the person set up with a key of their own."""
_SIGN_IN = ("auth.v2.file", "auth.v2.keyring", "auth.v2.loginkeychain", "auth.encrypted")
_LENT = (*_SIGN_IN, "auth.v2.key", "host.json")


def home(place: Place) -> Path:
    """One for each process, gone with it: the CLI records every conversation in its home."""
    return place.temp / "h"


def work(place: Place) -> Path:
    """An empty folder of this process alone: hooks and servers of its folder would be started."""
    return place.temp / "w"


def make_work(place: Place) -> None:
    """Make the working folder, as the root of a repository of its own.

    Without it, a repository around our data (some keep their whole home in one) is where Droid
    takes the project to begin: it starts what lies in every ``.factory`` up to there, and tells
    the model the state of the repository.
    """
    git = work(place) / ".git"
    for folder in (git / "objects", git / "refs" / "heads"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")


def files(place: Place) -> tuple[File, ...]:
    """The settings of the home: the person's own models with their keys, nothing more."""
    folder = home(place) / ".factory"
    own = [model for model in _listed(place, "settings.json", "customModels") if _is_usable(model)]
    old = [model for model in _listed(place, "config.json", "custom_models") if _is_usable(model)]
    kept = {"customModels": own, "hooksDisabled": True, "cloudSessionSync": False}
    written = [File(path=folder / "settings.json", text=json.dumps(kept))]
    if old:
        written.append(File(path=folder / "config.json", text=json.dumps({"custom_models": old})))
    return tuple(written)


def lend_sign_in(place: Place) -> None:
    """Link the Factory sign-in into the home. Raises ``Trouble``."""
    for name in _LENT:
        link(place.user_home / ".factory" / name, home(place) / ".factory" / name)


def custom_models(place: Place) -> tuple[Model, ...]:
    """The person's own models, as they may be chosen; reads their settings."""
    found: dict[str, Model] = {}
    for model in _listed(place, "settings.json", "customModels"):
        name, label = model.get("model"), model.get("displayName")
        if _is_usable(model) and isinstance(name, str):
            given = model.get("id")
            own = isinstance(given, str) and given.startswith(OWN_MODEL)
            known = given if own and isinstance(given, str) else OWN_MODEL + name
            title = label if isinstance(label, str) and label else name
            window = count(model.get("maxContextLimit"))
            found.setdefault(known, Model(id=known, label=title, context_window=window))
    for model in _listed(place, "config.json", "custom_models"):
        name, label = model.get("model"), model.get("model_display_name")
        if _is_usable(model) and isinstance(name, str):
            title = label if isinstance(label, str) and label else name
            known, window = OWN_MODEL + name, count(model.get("max_context_limit"))
            found.setdefault(known, Model(id=known, label=title, context_window=window))
    return tuple(found.values())


def signed_in(
    place: Place, env: Mapping[str, str]
) -> tuple[Literal["ready", "installed", "signed_out"], str]:
    """How the person stands with Droid, and by what; reads files, asks nobody.

    ``installed``: there is a sign-in, but whether it still holds only a turn can tell. The
    account is ``api key``, ``factory`` or ``own models``.
    """
    if env.get("FACTORY_API_KEY"):
        return "ready", "api key"
    if has_sign_in(place):
        return "installed", "factory"
    if custom_models(place):
        return "ready", "own models"
    return "signed_out", ""


def has_sign_in(place: Place) -> bool:
    return any((place.user_home / ".factory" / name).is_file() for name in _SIGN_IN)


def _listed(place: Place, file: str, name: str) -> list[dict[str, Any]]:
    found = settings(place.user_home / ".factory" / file).get(name)
    return [model for model in found if isinstance(model, dict)] if isinstance(found, list) else []


def _is_usable(model: dict[str, Any]) -> bool:
    return isinstance(model.get("model"), str) and bool(model["model"])
