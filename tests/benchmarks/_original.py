"""The command lines of the program this one follows: a process for each message, default tools."""

import os
from typing import NamedTuple

from tests.providers.asking import a_request
from tests.providers.warm import KINDS, Warm

SYSTEM = a_request().system
_HEADING = "=== 사용자 메시지 ==="


class Original(NamedTuple):
    argv: tuple[str, ...]
    env: dict[str, str]
    said: bytes
    """Written to stdin, which is closed then."""


def original_command(warm: Warm, name: str, scenario: str, run: str, prompt: str) -> Original:
    """What was started for one message, in a home of the tests, at the emulation."""
    kind, url = KINDS[name], warm.emulator.url(scenario, run)
    warm.sign_in(url)
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(warm.home.user_home),
        "TMPDIR": str(warm.home.temp),
        "ANTHROPIC_BASE_URL": url,
        "ANTHROPIC_API_KEY": "sk-ant-dummy-000",
        "GEMINI_API_KEY": "dummy",
        "GOOGLE_GEMINI_BASE_URL": url,
        # Needed today for a folder nobody has trusted yet; else it refuses to start.
        "GEMINI_CLI_TRUST_WORKSPACE": "true",
        # Without a network it would wait for its vendor for seconds.
        "FACTORY_AIRGAP_ENABLED": "true",
    }
    flags = {
        "claude": (
            *("--print", "--verbose", "--output-format", "stream-json"),
            *("--setting-sources", "user,local", "--model", kind.model, "--system-prompt", SYSTEM),
        ),
        "gemini": ("--output-format", "stream-json", "--model", kind.model),
        "droid": ("exec", "--output-format", "stream-json", "--auto", "low", "--model", kind.model),
    }
    told = prompt if name == "claude" else f"{SYSTEM}\n\n{_HEADING}\n{prompt}"
    return Original((*kind.executable(warm.clis), *flags[name]), env, told.encode())
