"""YAML without its traps: no key or entry twice, no octal or sexagesimal numbers, no bombs of aliases or depth."""

from __future__ import annotations

import math
import re
from typing import Any

import yaml

ERRORS = (yaml.YAMLError, ValueError, TypeError, OverflowError)
"""What ``parsed`` raises."""
MOST_DEPTH, MOST_PARTS = 50, 200_000
"""Levels of a text, and its values with each alias written out."""


def parsed(text: str) -> Any:
    """The content of a YAML text.

    Raises
    ------
    YAMLError, ValueError, TypeError or OverflowError
        When it is not valid, or holds what is refused here.

    Examples
    --------
    >>> parsed("horizon: 6")
    {'horizon': 6}
    """
    _check_depth(text)
    content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader underneath
    if _unfolded(content, {}) > MOST_PARTS:
        raise yaml.YAMLError(f"its aliases unfold to more than {MOST_PARTS:,} parts; write them in full")
    _check_entries(content, "")
    return content


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # the one in C is ten times as fast
    """A safe loader that refuses a key that occurs twice, and a number that YAML reads as another one than it seems."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that occurred before, then go on."""
        lines: dict[tuple[str, Any], int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.YAMLError(f"line {line}: expected a word as the key, got a list or mapping")
            meant = key.value if key.tag.endswith(":merge") else self.construct_object(key)
            # yes and true, or 2024 and 2024.0, are one key
            for one in {("text", key.value), ("meaning", meant)}:
                if one in lines:
                    raise yaml.YAMLError(
                        f"line {line}: {key.value!r} is there twice, first in line {lines[one]}; keep one"
                    )
                lines[one] = line
        return super().construct_mapping(node, deep=deep)


THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d\d0")
"""Read as thousands by anyone used to Dutch numbers: ``45.000``, which YAML takes for 45."""


def _number(loader: _Loader, node: yaml.ScalarNode) -> int | float:
    """A whole number or one with decimals: no octal ``0503`` (323), no ``1:30`` (90), no infinity."""
    value = (
        loader.construct_yaml_int(node) if node.tag.endswith(":int") else loader.construct_yaml_float(node)
    )
    if THOUSANDS.fullmatch(node.value):
        raise yaml.YAMLError(
            f"line {node.start_mark.line + 1}: {node.value!r} is read as {value:g}, and may be meant as "
            f"{node.value.replace('.', '')}; write {value:g} or {node.value.replace('.', '')}"
        )
    if not math.isfinite(value) or not re.fullmatch(
        r"[-+]?(0|[1-9]\d*|(\d*\.\d*)([eE][-+]?\d+)?)", node.value
    ):
        raise yaml.YAMLError(
            f"line {node.start_mark.line + 1}: {node.value!r} is read as {value}; write a plain number such as 503 or "
            "12.5, or put quotes around a code"
        )
    return value


for _tag in ("int", "float"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _number)


def _check_depth(text: str) -> None:
    """Refuse what is nested so deeply that the loader in C would break down."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise yaml.YAMLError(f"line {event.start_mark.line + 1}: nested more than {MOST_DEPTH} deep")


def _unfolded(content: Any, sizes: dict[int, int]) -> int:
    """How many parts a content has with every alias written out; an alias inside itself has no end."""
    if not isinstance(content, dict | list):
        return 1
    if id(content) not in sizes:
        sizes[id(content)] = MOST_PARTS + 1
        parts = content.values() if isinstance(content, dict) else content
        sizes[id(content)] = 1 + sum(_unfolded(part, sizes) for part in parts)
    return sizes[id(content)]


def _check_entries(content: Any, where: str) -> None:
    """Refuse a list in which a text, an entry or the ``id`` of an entry occurs twice; numbers may."""
    if isinstance(content, dict):
        for name, part in content.items():
            _check_entries(part, f"{where}.{name}" if where else str(name))
    if isinstance(content, list):
        seen: set[str] = set()
        for number, part in enumerate(content, 1):
            one = _name(part)
            if one and one in seen:
                raise yaml.YAMLError(f"{where or 'the list'}: {one[:60]} is there twice; keep one")
            seen.add(one)
            _check_entries(part, f"{where}.{number}" if where else str(number))


def _name(part: Any) -> str:
    """What must not occur twice in a list; empty where it may."""
    if isinstance(part, dict):
        return f"id {part['id']!r}" if "id" in part else repr(part)
    return repr(part) if isinstance(part, str) else ""
