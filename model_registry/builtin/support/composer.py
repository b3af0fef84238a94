"""support-composer: a reply that says only what the policy says.

No language model: courtesy from templates around quoted sentences.
"""

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.support import courtesy

MOST_QUOTES = 3


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return compose


def compose(payload: Payload) -> Payload:
    """Map `{message, intent, policy, title, passages}` to answer and quotes.

    Raises:
        ValueError: there is no passage to quote.
    """
    quotes = payload.get("passages", [])[:MOST_QUOTES]
    if not quotes:
        msg = "A reply needs at least one passage of the policy to quote."
        raise ValueError(msg)
    opening = courtesy.OPENINGS.get(read_text(payload, "intent"), "")
    paragraphs = [
        courtesy.GREETING,
        f"{courtesy.THANKS} {opening}".strip(),
        courtesy.QUOTING.format(title=read_text(payload, "title")),
        *(f"“{quote}”" for quote in quotes),
        courtesy.ANYTHING_ELSE,
        courtesy.HONESTY,
        courtesy.SIGNATURE,
    ]
    return {"answer": "\n\n".join(paragraphs), "quotes": quotes}
