"""Lorebooks: what is told for a turn, and why for every entry."""

from desktop.dialogue.lore.activation import PASSES, activate

__all__ = ["PASSES", "activate"]
