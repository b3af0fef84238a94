"""The models that ship with the product.

This table is closed and import-free: the registry's loader imports a module on
first use, so that no web process pays for the libraries behind it.
"""

ENTRY_POINTS: dict[str, str] = {
    "anomaly-ewma": "model_registry.builtin.sensors.ewma:load",
    "anomaly-isolation": "model_registry.builtin.sensors.isolation:load",
    "anomaly-zscore": "model_registry.builtin.sensors.zscore:load",
    "echo": "model_registry.builtin.echo:load",
    "extract-patterns": "model_registry.builtin.extraction.patterns:load",
    "extract-tagger": "model_registry.builtin.extraction.tagger:load",
    "forecast-holt-winters": "model_registry.builtin.forecasting.holt_winters:load",
    "forecast-naive": "model_registry.builtin.forecasting.naive:load",
    "forecast-seasonal-mean": "model_registry.builtin.forecasting.seasonal_mean:load",
    "fraud-boosting": "model_registry.builtin.fraud.boosting:load",
    "fraud-isolation": "model_registry.builtin.fraud.isolation:load",
    "fraud-logistic": "model_registry.builtin.fraud.logistic:load",
    "intent-letters": "model_registry.builtin.intents.letters:load",
    "intent-words": "model_registry.builtin.intents.words:load",
    "language-langid": "model_registry.builtin.languages.langid:load",
    "language-together": "model_registry.builtin.languages.together:load",
    "language-words": "model_registry.builtin.languages.words:load",
    "moderation-guardian": "model_registry.builtin.moderation.guardian:load",
    "moderation-rules": "model_registry.builtin.moderation.rules:load",
    "personal-data-checked": "model_registry.builtin.personal.checked:load",
    "personal-data-names": "model_registry.builtin.personal.names:load",
    "personal-data-patterns": "model_registry.builtin.personal.patterns:load",
    "policy-bm25": "model_registry.builtin.passages.bm25:load",
    "policy-letters": "model_registry.builtin.passages.letters:load",
    "summary-lead": "model_registry.builtin.summaries.lead:load",
    "summary-minilm": "model_registry.builtin.summaries.meanings:load",
    "summary-textrank": "model_registry.builtin.summaries.textrank:load",
    "support-composer": "model_registry.builtin.support.composer:load",
    "support-intent": "model_registry.builtin.support.intent:load",
    "support-policy": "model_registry.builtin.support.policy:load",
    "support-screen": "model_registry.builtin.support.screen:load",
    "support-verifier": "model_registry.builtin.support.verifier:load",
}
