"""The built-in storyteller: an offline provider that plays any room from scripted scenes."""

from desktop.providers.storyteller.storyteller import PACE, Storyteller

__all__ = ["PACE", "Storyteller"]
