"""Ask a server how much a model sees: every kind of server has a question of its own."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from desktop.providers.http_stream import HttpStream
from desktop.providers.openai_servers import ServerKind
from desktop.providers.server_models import chat_models, count, rows, window


async def ask_window(
    http: HttpStream,
    kind: ServerKind,
    base: str,
    root: str,
    model: str,
    headers: Mapping[str, str],
) -> int | None:
    """Tokens, or ``None`` where the server does not tell. Raises ``Trouble``."""
    match kind:
        case "ollama":
            running = await http.document(f"{root}/api/ps", headers)
            found = _running(running, model)
            if found:
                return found
            return _shown(await http.document(f"{root}/api/show", headers, body={"model": model}))
        case "llamacpp":
            return _slots(await http.document(f"{root}/props", headers))
        case "koboldcpp":
            told = await http.document(f"{root}/api/extra/true_max_context_length", headers)
            return count(told.get("value")) if isinstance(told, dict) else None
        case "lmstudio":
            told = await http.document(f"{root}/api/v0/models", headers)
            return next((window(row) for row in rows(told, "data") if row["id"] == model), None)
        case "gemini":
            # The list that speaks OpenAI's language leaves it out; the vendor's own tells it.
            url = f"{base.removesuffix('/openai')}/models/{quote(model.removeprefix('models/'))}"
            key = headers.get("authorization", "").removeprefix("Bearer ")
            told = await http.document(url, {"x-goog-api-key": key})
            return count(told.get("inputTokenLimit")) if isinstance(told, dict) else None
    listed = chat_models(await http.document(f"{base}/models", headers))
    return next((one.context_window for one in listed if one.id == model), None)


def _running(told: Any, model: str) -> int | None:
    """What Ollama has really given a loaded model, which is often far less than it could."""
    names = (model, f"{model}:latest")
    return next((window(row) for row in rows(told, "models") if row["id"] in names), None)


def _shown(told: Any) -> int | None:
    """``num_ctx`` if the model's file sets it, else what the model was made for."""
    if not isinstance(told, dict):
        return None
    chosen = re.search(r"^num_ctx\s+(\d{1,9})", str(told.get("parameters") or ""), re.MULTILINE)
    if chosen:
        return int(chosen.group(1))
    info = told.get("model_info")
    facts = info if isinstance(info, dict) else {}
    ends = (count(v) for name, v in facts.items() if str(name).endswith(".context_length"))
    return next((found for found in ends if found), None)


def _slots(told: Any) -> int | None:
    """llama.cpp shares its context among its slots; ``n_ctx`` here is one slot's."""
    settings = told.get("default_generation_settings") if isinstance(told, dict) else None
    return count(settings.get("n_ctx")) if isinstance(settings, dict) else None
