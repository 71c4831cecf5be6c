"""What turns have taught about a model: how much it sees, and how our estimates of it are off."""

from desktop.protocol.base import Frozen
from desktop.store.session import Session


class ModelFact(Frozen, kw_only=True):
    """``factor`` and ``samples`` are those of ``token_estimate.Calibration``."""

    context_window: int | None = None
    factor: float = 1.0
    samples: int = 0


async def all_known(session: Session) -> dict[tuple[str, str], ModelFact]:
    """By provider and the model as the person chose it."""
    rows = await session.all("SELECT * FROM model_fact")
    return {
        (row["provider"], row["model"]): ModelFact(
            context_window=row["context_window"], factor=row["factor"], samples=row["samples"]
        )
        for row in rows
    }


async def keep(session: Session, provider: str, model: str, fact: ModelFact) -> None:
    await session.run(
        """INSERT INTO model_fact (provider, model, context_window, factor, samples)
           VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET context_window = excluded.context_window,
             factor = excluded.factor, samples = excluded.samples""",
        provider,
        model,
        fact.context_window,
        fact.factor,
        fact.samples,
    )
