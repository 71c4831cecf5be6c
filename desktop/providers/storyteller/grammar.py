"""The shape of a language's scenes: patterns by what the line was and by how someone talks."""

from collections.abc import Callable
from re import Pattern
from typing import Literal, NamedTuple

Intent = Literal["greeting", "question", "action", "dice", "choice", "go_on", "other"]

Patterns = tuple[str, ...]
"""Sentences with slots: ``{me} {other} {word} {situation} {number}``.

A pattern is used only where all its slots can be filled. In Korean ``{me:은/는}`` adds the fitting
particle and ``{word|은/는}`` is the particle alone.
"""


class Choice(NamedTuple):
    """Five ways on and what is told before them."""

    lead: str
    ways: Patterns


class Voice(NamedTuple):
    """How a kind of person talks; ``hints`` in a card's text choose it."""

    hints: Patterns
    replies: dict[Intent, Patterns]
    echoes: Patterns
    follow_ups: Patterns


class Grammar(NamedTuple):
    """Everything the storyteller can say in one language."""

    voices: tuple[Voice, ...]
    gestures: Patterns
    openings: Patterns
    scenes: dict[Intent, Patterns]
    omens: Patterns
    rolls: Patterns
    choices: tuple[Choice, ...]
    sounds: Patterns
    intent_words: dict[Intent, Patterns]
    action_ending: Pattern[str]
    """How a line that tells a deed ends, or begins."""
    echo_word: Callable[[str], str]
    """A word of my line that can be quoted; empty if none is fit."""
    action_mark: str
    """How a gesture and what is said beside it are joined: a space, or nothing."""
