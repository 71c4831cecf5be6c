"""The well-known servers that speak OpenAI's chat completions: one row each."""

from typing import Literal

from desktop.protocol.base import Frozen

ServerKind = Literal["ollama", "lmstudio", "llamacpp", "koboldcpp", "gemini", "other"]
"""Whose own questions may be asked beside OpenAI's."""


class Preset(Frozen, kw_only=True):
    """What one must know of a server before asking it."""

    name: str
    base_url: str
    needs_key: bool
    kind: ServerKind = "other"
    default_model: str = ""
    """Empty: the first model the server lists."""
    max_tokens: int | None = None
    """Only for servers whose own default would cut a story off."""
    check_path: str = "/models"
    """What is asked to see whether the key is good."""
    reports_cost: bool = False
    marked_models: tuple[str, ...] = ()
    """Models, by the start of their names, that cache only what is marked."""


PRESETS: dict[str, Preset] = {
    "ollama": Preset(
        name="Ollama", base_url="http://127.0.0.1:11434/v1", needs_key=False, kind="ollama"
    ),
    "lmstudio": Preset(
        name="LM Studio", base_url="http://127.0.0.1:1234/v1", needs_key=False, kind="lmstudio"
    ),
    "llamacpp": Preset(
        name="llama.cpp", base_url="http://127.0.0.1:8080/v1", needs_key=False, kind="llamacpp"
    ),
    # KoboldCpp ends an answer after a few hundred tokens when it is not told otherwise.
    "koboldcpp": Preset(
        name="KoboldCpp",
        base_url="http://127.0.0.1:5001/v1",
        needs_key=False,
        kind="koboldcpp",
        max_tokens=2_048,
    ),
    "vllm": Preset(name="vLLM", base_url="http://127.0.0.1:8000/v1", needs_key=False),
    # OpenRouter lists its models to anybody, so the list says nothing about the key.
    "openrouter": Preset(
        name="OpenRouter",
        base_url="https://openrouter.ai/api/v1",
        needs_key=True,
        default_model="openrouter/auto",
        check_path="/key",
        reports_cost=True,
        marked_models=("anthropic/",),
    ),
    "gemini_api": Preset(
        name="Gemini API",
        base_url="https://generativelanguage.googleapis.com/v1beta/openai",
        needs_key=True,
        kind="gemini",
    ),
    "openai_api": Preset(name="OpenAI API", base_url="https://api.openai.com/v1", needs_key=True),
}
