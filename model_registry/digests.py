"""What makes two versions, or two models, the same. Pure."""

from model_registry.json_values import digest
from model_registry.manifest import Manifest, ManifestVersion

OF_THE_CONTRACT = {"capability", "input_schema", "output_schema"}


def digest_of(manifest: Manifest) -> str:
    """Digest of all that decides an answer.

    Versions without a queue keep the digest that they had before there were any.
    """
    covered = {"model", *OF_THE_CONTRACT, "version"}
    content = manifest.model_dump(include=covered)
    if manifest.version is None:
        content["kind"] = manifest.kind
    elif manifest.version.queue is None:
        del content["version"]["queue"]
    return digest(content)


def contract_of(manifest: Manifest) -> str:
    """Digest of what flows rely on: capability and schemas."""
    return digest(manifest.model_dump(include=OF_THE_CONTRACT))


def call_of(version: ManifestVersion | None) -> str:
    """Digest of what answers, whatever it is called; empty for people."""
    if version is None:
        return ""
    return digest(version.model_dump(include={"adapter", "settings"}))
