"""The composition root: builds everything, and decides what a start of the program does."""

from desktop.main.modes import run

__all__ = ["run"]
