"""The servers that are asked directly: a recipe for each, from the catalogue and the settings."""

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from desktop.protocol.base import Frozen
from desktop.protocol.capabilities import Capabilities, Cost, Provider
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.settings import Server
from desktop.providers.anthropic_api import BASE_URL, AnthropicApi
from desktop.providers.http_address import address
from desktop.providers.openai_compatible import OpenAiCompatible
from desktop.providers.openai_servers import PRESETS, Preset

ANTHROPIC = "anthropic_api"
_PAGES = {
    ANTHROPIC: "https://console.anthropic.com/settings/keys",
    "ollama": "https://ollama.com/download",
    "lmstudio": "https://lmstudio.ai",
    "llamacpp": "https://github.com/ggml-org/llama.cpp",
    "koboldcpp": "https://github.com/LostRuins/koboldcpp",
    "vllm": "https://docs.vllm.ai",
    "openrouter": "https://openrouter.ai/keys",
    "gemini_api": "https://aistudio.google.com/apikey",
    "openai_api": "https://platform.openai.com/api-keys",
}

Key = Callable[[], Awaitable[str | None]]


class Recipe(Frozen, kw_only=True):
    """All that makes one server's provider what it is; two that are equal need not be re-made."""

    id: str
    label: str
    base_url: str
    near: bool
    model: str = ""
    needs_key: bool = False
    preset: Preset | None = None
    """``None``: speaks Anthropic's own language."""
    is_own: bool = False

    @property
    def key_name(self) -> str:
        """A key belongs to the place it was typed for: no other address is ever sent it."""
        parts = urlsplit(self.base_url)
        return f"{self.id} {parts.scheme}://{parts.netloc}"


def recipes(servers: Iterable[Server]) -> tuple[Recipe, ...]:
    """The known servers with what the person changed about them, then the person's own.

    Raises ``Trouble``: ``invalid_request`` for an id used twice or an address that is none,
    ``unsafe_setup`` for an unencrypted address in the open network.
    """
    wanted: dict[str, Server] = {}
    for at, server in enumerate(servers):
        if server.id in wanted:
            raise Trouble(problem("invalid_request", field=f"settings.servers[{at}].id"))
        wanted[server.id] = server
    known = [_anthropic(wanted.pop(ANTHROPIC, None))]
    known += [_known(each, preset, wanted.pop(each, None)) for each, preset in PRESETS.items()]
    return (*known, *map(_own, wanted.values()))


def usable_recipes(servers: Iterable[Server]) -> tuple[Recipe, ...]:
    """The same for what lies stored, where nobody can be asked: what is wrong is left out."""
    good: list[Server] = []
    for server in servers:
        try:
            recipes([*good, server])
        except Trouble:
            continue
        good.append(server)
    return recipes(good)


def info(recipe: Recipe) -> Provider:
    """The row as the page gets it."""
    preset = recipe.preset
    cost: Cost = "own_machine" if recipe.near else "unknown" if recipe.is_own else "tokens"
    return Provider(
        id=recipe.id,
        label=recipe.label,
        capabilities=Capabilities(
            streams_tokens=True,
            reports_usage=True,
            reports_cost=bool(preset and preset.reports_cost),
            keeps_session=False,
            takes_key="must" if recipe.needs_key else "may",
            takes_address=True,
            lists_models=True,
            cost=cost,
            rechecks=recipe.near,
        ),
        models=(),
        vendor_page=_PAGES.get(recipe.id, ""),
        base_url=recipe.base_url,
        is_own=recipe.is_own,
    )


def made(recipe: Recipe, key: Key, now_ms: Callable[[], int]) -> AnthropicApi | OpenAiCompatible:
    """A provider that opens no connection before it is asked something."""
    if recipe.preset is None:
        return AnthropicApi(key, recipe.base_url, now_ms, default_model=recipe.model)
    return OpenAiCompatible(
        recipe.id,
        recipe.preset,
        now_ms,
        key=key,
        base_url=recipe.base_url,
        default_model=recipe.model,
    )


def _anthropic(changed: Server | None) -> Recipe:
    found = address(ANTHROPIC, (changed and changed.base_url) or BASE_URL)
    return Recipe(
        id=ANTHROPIC,
        label="Anthropic API",
        base_url=found.base,
        near=found.near,
        model=changed.model if changed else "",
        needs_key=True,
    )


def _known(known_id: str, preset: Preset, changed: Server | None) -> Recipe:
    found = address(known_id, (changed and changed.base_url) or preset.base_url)
    return Recipe(
        id=known_id,
        label=preset.name,
        base_url=found.base,
        near=found.near,
        model=changed.model if changed else "",
        needs_key=preset.needs_key,
        preset=preset,
    )


def _own(server: Server) -> Recipe:
    found = address(server.id, server.base_url)
    label = " ".join(server.name.split()) or found.host
    return Recipe(
        id=server.id,
        label=label,
        base_url=found.base,
        near=found.near,
        model=server.model,
        needs_key=server.needs_key,
        preset=Preset(name=label, base_url=found.base, needs_key=server.needs_key),
        is_own=True,
    )
