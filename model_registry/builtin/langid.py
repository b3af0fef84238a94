"""py3langid: which of 97 languages a text is in, by its groups of letters."""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from model_registry.builtin.memory import release_freed_memory


@cache
def load_identifier() -> LanguageIdentifier:
    """Load the weights from the package, once a process: they take 70 MB."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    release_freed_memory()
    return identifier
