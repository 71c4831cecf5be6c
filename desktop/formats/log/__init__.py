"""Logs of online tables: web pages that were saved, and such pages written again."""
