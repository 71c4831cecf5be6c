"""A row for each way to an AI that is a program on this machine: what it is called and can do."""

from desktop.protocol.base import Frozen
from desktop.protocol.capabilities import Capabilities, Model, Provider


class Row(Frozen, kw_only=True):
    """What is known about a provider before looking for it."""

    id: str
    label: str
    capabilities: Capabilities
    models: tuple[Model, ...] = ()
    executables: tuple[str, ...] = ()
    """Names to look for, without an ending; empty for what is built in."""
    packages: tuple[str, ...] = ()
    """The npm packages that bring it."""
    install_command: str = ""
    sign_in_command: str = ""
    env_names: frozenset[str] = frozenset()
    """The vendor's own variables a CLI is given: keys, addresses, where the sign-in lies."""
    extra_places: tuple[str, ...] = ()
    """Folders of this CLI's own installer, below the person's home."""

    def info(self) -> Provider:
        """The row as the page gets it."""
        return Provider(
            id=self.id,
            label=self.label,
            capabilities=self.capabilities,
            models=self.models,
            install_command=self.install_command,
            sign_in_command=self.sign_in_command,
        )


CLAUDE = Row(
    id="claude",
    label="Claude Code",
    capabilities=Capabilities(
        streams_tokens=True,
        reports_usage=True,
        reports_cost=True,
        keeps_session=True,
        takes_path=True,
        cost="plan",
        rechecks=True,
    ),
    models=(
        Model(id="sonnet", label="Claude Sonnet"),
        Model(id="opus", label="Claude Opus"),
        Model(id="haiku", label="Claude Haiku"),
    ),
    executables=("claude",),
    packages=("@anthropic-ai/claude-code",),
    install_command="npm install -g @anthropic-ai/claude-code",
    sign_in_command="claude auth login",
    env_names=frozenset(
        {
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "ANTHROPIC_BASE_URL",
            "CLAUDE_CODE_OAUTH_TOKEN",
            "CLAUDE_CONFIG_DIR",
        }
    ),
    extra_places=(".local/bin", ".claude/local"),
)

GEMINI = Row(
    id="gemini",
    label="Gemini CLI",
    capabilities=Capabilities(
        streams_tokens=True,
        reports_usage=True,
        reports_cost=False,
        keeps_session=True,
        takes_path=True,
        cost="plan",
        rechecks=True,
    ),
    models=(
        Model(id="gemini-3.8-flash", label="Gemini Flash"),
        Model(id="gemini-3.5-flash-lite", label="Gemini Flash Lite"),
    ),
    executables=("gemini",),
    packages=("@google/gemini-cli",),
    install_command="npm install -g @google/gemini-cli",
    sign_in_command="gemini",
    env_names=frozenset(
        {
            "GEMINI_API_KEY",
            "GOOGLE_API_KEY",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "GOOGLE_CLOUD_LOCATION",
            "GOOGLE_CLOUD_PROJECT",
            "GOOGLE_CLOUD_PROJECT_ID",
            "GOOGLE_GEMINI_BASE_URL",
            "GOOGLE_GENAI_USE_GCA",
            "GOOGLE_GENAI_USE_VERTEXAI",
            "GOOGLE_VERTEX_BASE_URL",
        }
    ),
)

DROID = Row(
    id="droid",
    label="Factory Droid",
    capabilities=Capabilities(
        streams_tokens=True,
        reports_usage=True,
        reports_cost=False,
        keeps_session=True,
        takes_path=True,
        cost="plan",
        lists_models=True,
        rechecks=True,
    ),
    executables=("droid",),
    packages=("droid", "@factory/cli"),
    install_command="npm install -g droid",
    sign_in_command="droid",
    env_names=frozenset({"FACTORY_API_KEY", "FACTORY_AIRGAP_ENABLED"}),
    extra_places=(".local/bin", ".factory/bin"),
)

STORYTELLER = Row(
    id="storyteller",
    label="Storyteller",
    capabilities=Capabilities(
        streams_tokens=True,
        reports_usage=False,
        reports_cost=False,
        keeps_session=False,
        is_practice=True,
        any_model=False,
        cost="nothing",
    ),
)

ROWS: tuple[Row, ...] = (CLAUDE, GEMINI, DROID, STORYTELLER)


def least_window(provider_id: str, model: str) -> int | None:
    """Tokens every model of this name sees at the least, by what the vendor's own CLI assumes.

    Claude Code tells the true figure with every answer, in a newer version often more than this;
    Gemini CLI never tells one. ``None`` for all that cannot be known before it is told.
    """
    if provider_id == CLAUDE.id:
        return 1_000_000 if model.endswith("[1m]") else 200_000
    if provider_id == GEMINI.id:
        return 1_048_576 if not model.startswith("gemma") else None
    return None


def provider_infos() -> tuple[Provider, ...]:
    """All rows as the page gets them, in the order they are offered."""
    return tuple(row.info() for row in ROWS)
