"""A whole table for what went wrong at one."""

from tests.services.conftest import lay

__all__ = ["lay"]
