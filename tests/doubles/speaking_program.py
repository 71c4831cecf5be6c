"""A program that is called ``espeak-ng``, says nothing and writes down what it was asked."""

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

_SCRIPT = """#!{python}
import json, os, sys, time
here = os.path.dirname(os.path.abspath(__file__))
if "--voices" in sys.argv:
    print("Pty Language       Age/Gender VoiceName          File                 Other Languages")
    print(" 5  en-gb           --/M      English_(Great_Britain) gmw/en   (en 2)")
    print(" 5  ko              --/M      Korean             ko")
    sys.exit(0)
text = sys.stdin.buffer.read().decode()
with open(os.path.join(here, "asked.jsonl"), "a") as out:
    out.write(json.dumps({{"argv": sys.argv[1:], "text": text, "pid": os.getpid()}}) + "\\n")
if "{broken}" in text:
    sys.exit("no speakers")
# Output that is closed early must not count as the end of the sentence.
os.close(1)
time.sleep(float(open(os.path.join(here, "seconds")).read()))
"""
BROKEN = "고장"


class SpeakingProgram:
    """``seconds``: how long it speaks for a sentence."""

    def __init__(self, folder: Path, seconds: float = 0.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.path = folder / "espeak-ng"
        self.path.write_text(_SCRIPT.format(python=sys.executable, broken=BROKEN), "utf-8")
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)
        self.takes(seconds)

    def takes(self, seconds: float) -> None:
        (self.folder / "seconds").write_text(str(seconds))

    @property
    def asked(self) -> list[dict[str, Any]]:
        file = self.folder / "asked.jsonl"
        if not file.exists():
            return []
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()]

    @property
    def texts(self) -> list[str]:
        return [each["text"].removesuffix("\n") for each in self.asked]

    def env_path(self) -> str:
        return os.pathsep.join((str(self.folder), os.environ.get("PATH", os.defpath)))
