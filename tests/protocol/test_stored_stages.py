"""Rooms that were stored by earlier versions open as they were."""

import msgspec
import pytest

from desktop.protocol.models import Character, Secret, Stage

FIRST = """{
  "language": "ko", "world": "안개 바다", "situation": "막배가 끊긴 밤",
  "me": {"name": "서유온", "description": "수습"},
  "narrator": {"kind": "ai", "level": "active", "description": "낮게"},
  "characters": [{"id": "ire", "name": "도이레", "aliases": ["등대지기"], "line": "한 줄",
    "description": "예순둘", "speech": "짧게", "dye": "chija", "enabled": false}],
  "provider": "claude", "model": "sonnet", "window": null, "retention": true
}"""


def test_a_stage_of_the_first_version_gets_the_defaults() -> None:
    stage = msgspec.json.decode(FIRST, type=Stage)
    assert (stage.conversation, stage.choices, stage.output, stage.pace, stage.separation) == (
        "table",
        None,
        "normal",
        "normal",
        False,
    )
    assert (stage.narrator.level, stage.narrator.drive) == ("active", "guide")
    one = stage.characters[0]
    assert (one.examples, one.relations, one.secrets) == ((), (), ())
    assert (one.speech, one.enabled, stage.window, stage.retention) == ("짧게", False, None, True)
    assert msgspec.json.decode(msgspec.json.encode(stage), type=Stage) == stage


@pytest.mark.parametrize("choices", [1, 6, 0, "3"])
def test_choices_are_two_to_five(choices: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"choices": choices}, Stage)


def test_who_knows_a_secret_is_told_by_ids() -> None:
    told = {"id": "a", "name": "A", "secrets": [{"text": "x", "known_by": ["me", "b"]}]}
    assert msgspec.convert(told, Character).secrets == (Secret(text="x", known_by=("me", "b")),)
    told["secrets"] = [{"text": "x", "known_by": ["no spaces"]}]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(told, Character)
