"""What kind of line was said, as far as its surface tells."""

import re

from desktop.providers.storyteller.grammar import Grammar, Intent

_DICE = re.compile(r"(?<![A-Za-z0-9])\d{0,3}[dD]\d{1,4}(?![A-Za-z0-9])")
_CHOICE = re.compile(r"^[A-Da-d]\)|^(?:[A-D]|[1-4]\s*(?:번|番)?)[\s.)。!]*$")
_ACTION = re.compile(r"\*[^*\n]+\*|^[(（][^)）\n]+[)）]")


def intent_of(line: str, grammar: Grammar) -> Intent:
    """The first that fits: nothing said, dice, a choice, a greeting, an action, a question."""
    text = line.strip()
    if not text:
        return "go_on"
    if _DICE.search(text) or _has(text, grammar.intent_words["dice"]):
        return "dice"
    if _CHOICE.search(text) or _has(text, grammar.intent_words["choice"]):
        return "choice"
    if _has(text, grammar.intent_words["greeting"]):
        return "greeting"
    if _ACTION.search(text):
        return "action"
    if text.rstrip("\"'”’」』)*").endswith(("?", "？")):
        return "question"
    if _has(text, grammar.intent_words["question"]):
        return "question"
    if grammar.action_ending.search(text) or _has(text, grammar.intent_words["action"]):
        return "action"
    return "other"


def _has(text: str, words: tuple[str, ...]) -> bool:
    lower = f"{text.lower()} "
    return any(re.search(rf"(?<![a-z]){re.escape(word)}", lower) for word in words)
