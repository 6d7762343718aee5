"""Reading YAML from strangers: safe types only, no aliases, no repeated keys, and every error with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import yaml

MAX_BYTES = 2_000_000
_MISFITS = (AttributeError, LookupError, TypeError, ArithmeticError)
"""What PyYAML lets through for a tagged value that does not fit its tag (``!!int ""``, ``!!timestamp x``)."""


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without aliases (they can grow without end) and without silent key overwriting."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed in a pack", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key} twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def parse(raw: bytes, name: str, errors: list[str]) -> Any:
    """The file's value; None with an entry in ``errors`` when it is not readable YAML."""
    if len(raw) > MAX_BYTES:
        errors.append(f"{name}: larger than {MAX_BYTES} bytes")
        return None
    try:
        return _Loader(raw.decode("utf-8")).get_single_data()
    except (yaml.YAMLError, ValueError, RecursionError, *_MISFITS) as error:
        errors.append(f"{name}: {' '.join(str(error).split())}")
        return None


class Node:
    """One mapping of a pack. Wrong or missing values are reported and replaced, so that all errors come at once."""

    def __init__(self, value: Any, where: str, errors: list[str]) -> None:
        self.where = where
        self.errors = errors
        self._used: set[str] = set()
        self.data: Mapping[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.error("must be a mapping")

    def error(self, message: str, key: str = "") -> None:
        """Report a fault of this mapping, or of one of its keys."""
        self.errors.append(f"{self.where}{'.' + key if key else ''}: {message}")

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self.data

    def raw(self, key: str, required: bool = False) -> Any:
        """The value as it is, or None."""
        self._used.add(key)
        if required and key not in self.data:
            self.error("is missing", key)
        return self.data.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A string; a number or time without quotes is an error (YAML reads 22:00 as 1320)."""
        value = self.raw(key, required=default is None)
        if value is None:
            return default or ""
        if not isinstance(value, str):
            self.error(f"must be a string in quotes, not {value!r}", key)
            return ""
        return value

    def word(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of the allowed words."""
        value = self.text(key, default)
        if value not in allowed and key in self.data:
            self.error(f"unknown word {value!r}; allowed: {', '.join(allowed)}", key)
        return value

    def words(self, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of strings, each allowed; absent means empty."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.error("must be a list of strings", key)
            return ()
        for word in value:
            if allowed is not None and word not in allowed:
                self.error(f"unknown word {word!r}; allowed: {', '.join(allowed)}", key)
        return tuple(value)

    def integer(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        value = self.raw(key, required=default is None)
        if value is None:
            return default or 0
        if not isinstance(value, int) or isinstance(value, bool):
            self.error(f"must be a whole number, not {value!r}", key)
            return 0
        return value

    def number(self, key: str, default: float) -> float:
        """A number."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.error(f"must be a number, not {value!r}", key)
            return default
        return float(value)

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.error(f"must be true or false, not {value!r}", key)
        return value is True

    def day(self, key: str, required: bool = False) -> date | None:
        """A calendar day."""
        value = self.raw(key, required)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.error(f"must be a day YYYY-MM-DD, not {value!r}", key)
            return None
        return value

    def texts(self, key: str, languages: Collection[str], required: bool = True) -> dict[str, str]:
        """One text per language of the pack."""
        value = self.raw(key, required)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            self.error("must give one text per language", key)
            return {}
        for language in languages:
            if not value.get(language):
                self.error(f"has no text in {language}", key)
        return {str(k): v for k, v in value.items()}

    def child(self, key: str) -> Node | None:
        """A mapping below this one."""
        value = self.raw(key)
        return None if value is None else Node(value, f"{self.where}.{key}", self.errors)

    def children(self, key: str) -> Iterator[Node]:
        """The mappings of a list below this one."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.error("must be a list", key)
            return
        for i, item in enumerate(value):
            name = item.get("id", i) if isinstance(item, dict) else i
            yield Node(item, f"{self.where}.{key}[{name}]", self.errors)

    def done(self) -> None:
        """Report keys that nobody asked for: a pack has a closed vocabulary."""
        for key in self.data:
            if key not in self._used:
                self.error("unknown key", str(key))
