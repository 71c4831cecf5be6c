"""Play a recorded dialog of a CLI to its talk, as if the CLI were there."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.providers.base import AnswerEvent, Failed, Finished, Request
from desktop.providers.talk import Talk
from tests.providers.asking import Answered

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts"
NOISE = (
    b"",
    b"Ripgrep is not available.",
    b"\xff\xfe{",
    b"[1]",
    b"{}",
    b'{"jsonrpc":"2.0","id":99}',
)


@dataclass
class Replayed:
    """What a talk made of a dialog: its events, and the messages it wrote."""

    answered: Answered = field(default_factory=Answered)
    written: list[dict[str, Any]] = field(default_factory=list)

    def wrote(self, method: str) -> list[dict[str, Any]]:
        return [message for message in self.written if message.get("method") == method]


def replay(
    talk: Talk,
    transcript: str,
    request: Request,
    *,
    noise: bool = False,
    change: Callable[[dict[str, Any]], dict[str, Any]] = lambda message: message,
) -> Replayed:
    """Feed every recorded line the CLI said; answers only to calls that the talk has made.

    With ``noise``, lines that mean nothing come in between.
    """
    played = Replayed()
    asked: dict[object, str] = {}

    def take(lines: tuple[bytes, ...], events: tuple[AnswerEvent, ...] = ()) -> None:
        assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
        played.written += [json.loads(line) for line in lines]
        played.answered.events += events

    take(talk.begin(request))
    take(talk.ask(request))
    for raw in (TRANSCRIPTS / transcript).read_text(encoding="utf-8").splitlines():
        line = json.loads(raw)
        said = line["msg"]
        if line["dir"] == "in":
            asked[said.get("id")] = said["method"]
            continue
        if "method" not in said:
            calls = played.wrote(asked.get(said.get("id"), ""))
            if not calls:
                continue
            said = {**said, "id": calls[-1]["id"]}
        for extra in NOISE if noise else ():
            step = talk.read(extra)
            take(step.write, step.events)
        step = talk.read(json.dumps(change(said), ensure_ascii=False).encode())
        take(step.write, step.events)
    ends = [event for event in played.answered.events if isinstance(event, Finished | Failed)]
    assert ends == played.answered.events[-1:] or not ends, "something came after the end"
    return played
