"""Where in a manifest's text a problem is."""

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from model_registry.errors import ManifestInvalid
from model_registry.manifest import ManifestLoader


def line_of(text: str, place: str) -> int | None:
    """The line, from 1 on, of a place such as `version.settings.model`.

    Of what is missing it is the line of what should hold it; None for an unreadable
    text, and for what is missing at the top.
    """
    try:
        node = yaml.compose(text, ManifestLoader)
    except (yaml.YAMLError, ManifestInvalid, ValueError):
        return None
    line = None
    for part in place.split("."):
        found = _child(node, part)
        if found is None:
            break
        node, line = found
    return line


def _child(node: Node | None, part: str) -> tuple[Node, int] | None:
    """What stands under a key or at an index, and the line on which it begins."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, key.start_mark.line + 1
    if isinstance(node, SequenceNode) and part.isdecimal():
        child = next(iter(node.value[int(part) :]), None)
        return (child, child.start_mark.line + 1) if child else None
    return None
