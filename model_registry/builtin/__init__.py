"""The models that ship with the product.

This table is closed and import-free: the registry's loader imports a module on
first use, so that no web process pays for the libraries behind it.
"""

ENTRY_POINTS: dict[str, str] = {
    "echo": "model_registry.builtin.echo:load",
    "support-composer": "model_registry.builtin.support.composer:load",
    "support-intent": "model_registry.builtin.support.intent:load",
    "support-policy": "model_registry.builtin.support.policy:load",
    "support-screen": "model_registry.builtin.support.screen:load",
    "support-verifier": "model_registry.builtin.support.verifier:load",
}
