"""Persona Chat: the desktop program."""
