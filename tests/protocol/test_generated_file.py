"""The page's copy of the protocol is what the generator writes now."""

from pathlib import Path

import msgspec
import pytest

from desktop.protocol import events, methods
from devkit.page_patterns import page_pattern, patterns_source
from devkit.typescript import UnknownType, Vocabulary, protocol_source

PAGE = Path(__file__).parents[2] / "ui" / "src"
TARGET = PAGE / "bridge" / "protocol.gen.ts"


def test_the_generated_file_is_fresh() -> None:
    written = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    assert written == protocol_source(), (
        "ui/src/bridge/protocol.gen.ts is stale: run `python3 build/dev.py generate`"
    )


def test_the_generated_patterns_are_fresh() -> None:
    written = (PAGE / "text" / "invention.gen.ts").read_text(encoding="utf-8")
    assert written == patterns_source(), "stale: run `python3 build/dev.py generate`"


def test_an_escape_nobody_knows_is_not_guessed_at() -> None:
    assert page_pattern(r"\d[\w-]") == r"[0-9][\p{L}\p{N}_-]"
    with pytest.raises(ValueError, match="Z"):
        page_pattern(r"end\Z")


def test_every_method_and_every_event_is_in_it() -> None:
    source = protocol_source()
    for name in methods.METHODS:
        assert f'"{name}": {{ params: ' in source
    for event in events.Event.__subclasses__():
        assert f'type: "{event.__struct_config__.tag}";' in source
        assert f"\n  | {event.__name__}" in source, "the closed union leaves an event out"


def test_only_parameters_have_optional_fields() -> None:
    source = protocol_source()
    assert "as_narrator?: boolean;" in source
    assert "last_turn: Turn | null;" in source


def test_a_type_without_a_spelling_raises() -> None:
    with pytest.raises(UnknownType, match="complex"):
        Vocabulary().type_of(complex)


def test_a_tuple_of_fixed_length_keeps_its_length() -> None:
    words = Vocabulary()
    assert words.type_of(tuple[int, str]) == "[number, string]"
    assert words.type_of(tuple[tuple[int, int], ...]) == "[number, number][]"
    assert words.type_of(tuple[int | None, ...]) == "(number | null)[]"


def test_a_struct_from_elsewhere_raises() -> None:
    class Stranger(msgspec.Struct):
        x: int

    with pytest.raises(UnknownType, match="Stranger"):
        Vocabulary().type_of(Stranger)
