"""The programs of a system that speak, as they want to be called. Pure but for looking at files."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from desktop.protocol.base import Frozen
from desktop.protocol.speech import Spoken, SystemVoice
from desktop.providers.whereabouts import SYSTEM_FOLDERS, path_folders

_NAMES = {
    "darwin": ("say",),
    "win32": ("espeak-ng.exe", "espeak.exe"),
}
_ON_LINUX = ("espeak-ng", "espeak")
"""``spd-say`` is none of them: its speech goes on in a daemon when its process is ended, and by
stdin (``--pipe-mode``) it obeys lines beginning with ``!-!``, which a story may hold."""
_WORDS_A_MINUTE = 175
"""What 100 per cent is for ``espeak-ng`` and, near enough, for ``say``."""
_MIDDLE_PITCH = 50
"""``espeak-ng -p`` goes from 0 to 99."""
_ESPEAK_ROW = re.compile(r"\s*\d+\s+(?P<language>\S+)\s+\S+\s+(?P<label>\S+)\s+\S+")
_SAY_ROW = re.compile(r"(?P<name>\S.*?)\s+(?P<language>[a-z]{2,3}[_-][A-Za-z0-9]{2,4})\s+#")
_SAFE_NAME = re.compile(r"[^\W_][\w .()+-]*")
"""No option, no path: a voice's name may come with a character that somebody else has made."""


class Speaker(Frozen, kw_only=True):
    """A program that speaks what comes by stdin and ends when it has said it."""

    program: str
    arguments: tuple[str, ...] | None = None
    """The person's own template; ``None`` for a program that we know."""

    @property
    def is_say(self) -> bool:
        return self.arguments is None and Path(self.program).name == "say"


def find_speaker(environ: Mapping[str, str], platform: str = sys.platform) -> Speaker | None:
    """The system's own, never one in the folder we stand in."""
    folders = path_folders(environ.get("PATH", ""))
    if platform == "win32":
        folders.append(Path(environ.get("PROGRAMFILES") or "C:/Program Files", "eSpeak NG"))
    else:
        folders += map(Path, SYSTEM_FOLDERS)
    for name in _NAMES.get(platform, _ON_LINUX):
        for folder in dict.fromkeys(folders):
            found = folder / name
            if os.path.isfile(found) and os.access(found, os.X_OK):  # noqa: PTH113 - see joined
                return Speaker(program=str(found))
    return None


def command(speaker: Speaker, spoken: Spoken, voices: Iterable[SystemVoice]) -> tuple[str, ...]:
    """What to start for a sentence; the text is none of it.

    A name that a program of the system does not have is not asked for.
    """
    voice = spoken.voice
    known = {each.name for each in voices}
    name = voice.name if voice.name in known and voice.name else ""
    if speaker.arguments is not None:
        own = voice.name if _SAFE_NAME.fullmatch(voice.name) else ""
        values = {
            "voice": own,
            "language": spoken.language,
            "speed": str(voice.speed),
            "pitch": str(voice.pitch),
        }
        return (speaker.program, *(_filled(each, values) for each in speaker.arguments))
    rate = str(_WORDS_A_MINUTE * voice.speed // 100)
    if speaker.is_say:
        chosen = ("-v", name) if name else ()
        return (speaker.program, *chosen, "-r", rate, "-f", "-")
    named = name or _nearest(spoken.language, known)
    chosen = ("-v", named) if named else ()
    pitch = str(min(99, _MIDDLE_PITCH * voice.pitch // 100))
    return (speaker.program, *chosen, "-s", rate, "-p", pitch, "--stdin")


def listing(speaker: Speaker) -> tuple[str, ...] | None:
    """How to ask for the voices; ``None`` where nobody can know."""
    if speaker.arguments is not None:
        return None
    return (speaker.program, "-v", "?") if speaker.is_say else (speaker.program, "--voices")


def voices_in(told: str) -> tuple[SystemVoice, ...]:
    """The voices in what a program has listed; ``espeak-ng`` goes by languages."""
    found: dict[str, SystemVoice] = {}
    for line in told.splitlines()[:2_000]:
        if row := _ESPEAK_ROW.match(line):
            name, label, language = row["language"], row["label"].replace("_", " "), row["language"]
        elif row := _SAY_ROW.match(line):
            name, label, language = row["name"], row["name"], row["language"].replace("_", "-")
        else:
            continue
        if len(name) <= 200 and not name.startswith("-"):
            found.setdefault(name, SystemVoice(name=name, label=label, language=language))
    return tuple(found.values())


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(voice|language|speed|pitch)\}", lambda hit: values[hit[1]], template)


def _nearest(language: str, known: Iterable[str]) -> str:
    """The language itself, or the same one of another country; empty: the program's own choice."""
    wanted = language.lower()
    names = {each.lower(): each for each in known}
    short = wanted.split("-")[0]
    if found := names.get(wanted) or names.get(short):
        return found
    return next((each for low, each in names.items() if low.split("-")[0] == short), "")
