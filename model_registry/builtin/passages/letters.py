"""policy-letters: the policy's sentences by shared words and letter groups, no vectors."""

from model_registry.builtin.contract import Model, Settings
from model_registry.builtin.support.features import MAX_CHARACTERS, hash_letters
from model_registry.builtin.support.policies import Policy
from model_registry.builtin.support.policy import Likeness, PolicyModel, Scores
from model_registry.builtin.support.spelling import mend_text


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    likeness = Likeness(lambda text: hash_letters(mend_text(text[:MAX_CHARACTERS])))

    def score(text: str, policy: Policy) -> Scores:
        scores = likeness(text, policy)
        best = scores.max()
        return scores / best if best > 0 else scores

    return PolicyModel(score)
