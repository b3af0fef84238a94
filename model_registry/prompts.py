"""Prompts with `{{ input.name }}`: text is put in once, and never read again."""

import json
import re

from model_registry.errors import ModelInputInvalid
from model_registry.json_values import JsonObject, is_text

PLACEHOLDER = re.compile(r"\{\{\s*input((?:\.\w+)*)\s*\}\}")
ANY_BRACES = re.compile(r"\{\{.*?(?:\}\}|$)", re.DOTALL)


def unknown_placeholders(prompt: str) -> list[str]:
    """List what stands in double braces and would not be filled in."""
    braces = (match.group() for match in ANY_BRACES.finditer(prompt))
    return [text for text in braces if not PLACEHOLDER.fullmatch(text)]


def fill(prompt: str, value: JsonObject) -> str:
    """Put values of the input into the prompt: text as it is, all else as JSON.

    Raises: ModelInputInvalid if the input lacks a name that the prompt uses, or holds
    text that cannot be encoded.
    """
    filled = PLACEHOLDER.sub(lambda match: _text(value, match.group(1)), prompt)
    if not is_text(filled):
        raise ModelInputInvalid("The input holds a character that cannot be sent.")
    return filled


def _text(value: object, path: str) -> str:
    for part in path.split(".")[1:]:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise ModelInputInvalid(f"The prompt uses input{path}, which is missing.")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
