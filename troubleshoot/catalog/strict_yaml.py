"""YAML as it should have been: every scalar is text, a key stands once, nothing is executed, every value has a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import yaml

from troubleshoot.errors import Problem
from troubleshoot.redaction import shown

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a PyYAML built without libyaml: slower, the same result
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Path: TypeAlias = tuple[str | int, ...]

TOO_DEEP = "nested too deeply"
PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value")
}


def load(text: str, path: str) -> tuple[Value, Mapping[Path, int], list[Problem]]:
    """Return the value of `text`, the line (from 1) of each path into it, and the problems found.

    `path` is only named in the problems. Aliases, tags, duplicate keys and empty values are problems.
    """
    lines: dict[Path, int] = {(): 1}
    problems: list[Problem] = []

    def build(node: yaml.Node, where: Path) -> Value:
        line = node.start_mark.line + 1
        lines.setdefault(where, line)
        if node.tag not in PLAIN_TAGS:
            problems.append(Problem(path, line, f"the tag {shown(node.tag)} is not allowed; write plain text"))
        if isinstance(node, yaml.MappingNode):
            return build_mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [build(item, (*where, index)) for index, item in enumerate(node.value)]
        if not node.value:
            problems.append(Problem(path, line, "the value is empty; write one or leave the key out"))
        return str(node.value)

    def build_mapping(node: yaml.MappingNode, where: Path) -> dict[str, Value]:
        result: dict[str, Value] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                problems.append(Problem(path, line, "a key must be plain text"))
                continue
            key = str(key_node.value)
            inside = (*where, key)
            if key in result:
                first = lines[inside]
                problems.append(Problem(path, line, f"the key {key!r} stands twice (first in line {first}); keep one"))
                continue
            lines[inside] = line
            result[key] = build(value_node, inside)
        return result

    try:
        # An alias shares a node, so a few lines could stand for gigabytes; the events show it before it is built.
        for event in yaml.parse(text, Loader=Loader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1 if event.start_mark else 1
                return {}, lines, [Problem(path, line, "an alias (*name) is not allowed; write the value out")]
        root = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark: yaml.Mark | None = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error)
        return {}, lines, [Problem(path, mark.line + 1 if mark else 1, f"not YAML: {what}")]
    except RecursionError:
        return {}, lines, [Problem(path, 1, TOO_DEEP)]
    if root is None:
        return {}, lines, [Problem(path, 1, "the file is empty")]
    try:
        return build(root, ()), lines, problems
    except RecursionError:
        return {}, lines, [Problem(path, 1, TOO_DEEP)]
