"""A tree as the text of a scenario file: every value in quotation marks where YAML could read it as something else."""

from __future__ import annotations

import io

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

from ...scenarios.nodes import Listing, Mapping, Node, Scalar

LEFT_OUT = ("extends", "profile", "search")
"""Keys of the file that are merged into the tree already, or are no part of the plan."""

FIRST = ("labelcast", "name")


def written(root: Mapping) -> str:
    """A file that holds all of the tree, read back as it is."""
    yaml = YAML()
    yaml.width = 110
    yaml.allow_unicode = True
    head = {key: root.entries[key] for key in FIRST if key in root.entries}
    rest = {key: one for key, one in root.entries.items() if key not in LEFT_OUT and key not in head}
    told = CommentedMap({_text(key): _plain(node, 0) for key, node in {**head, **rest}.items()})
    out = io.StringIO()
    yaml.dump(told, out)
    return out.getvalue()


def _plain(node: Node, depth: int) -> object:
    if isinstance(node, Scalar):
        return None if node.empty else _text(node.text)
    if isinstance(node, Listing):
        found = CommentedSeq([_plain(one, depth + 1) for one in node.items])
        found.fa.set_flow_style()
        return found
    table = CommentedMap({_text(key): _plain(one, depth + 1) for key, one in node.entries.items()})
    if depth >= 2 or (depth == 1 and not any(isinstance(one, Mapping) for one in node.entries.values())):
        table.fa.set_flow_style()
    return table


def _text(text: str) -> object:
    """Words and whole numbers stay as they are; the rest is quoted, as every value is text until its field reads it."""
    if text.isascii() and text.isdigit() and str(int(text[:18])) == text:
        return int(text)
    simple = text.isascii() and text.replace("_", "").replace("-", "").isalnum() and text[:1] != "-"
    return PlainScalarString(text) if simple else DoubleQuotedScalarString(text)
