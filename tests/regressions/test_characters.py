"""What went wrong with characters in the original."""

from desktop.dialogue.prompt import compose
from desktop.dialogue.speakers import Roster, parse
from desktop.protocol.models import Character, Stage


def test_a_character_with_nothing_but_a_name_is_told_of_and_speaks() -> None:
    stage = Stage(language="ko", characters=(Character(id="haru", name="하루"),))
    assert "하루" in compose(stage, (), "안녕").system
    (speech,) = parse("[하루]: 왔나.", Roster.of(stage))
    assert (speech.author.id, speech.text) == ("haru", "왔나.")
