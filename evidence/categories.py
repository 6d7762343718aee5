"""The registry of conduct categories: one versioned data file, read once per process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).with_name("categories.yaml")


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of conduct. ``words``: the word matcher may give it to a text; ``cn``: behaviour ids of the Chinese law
    file it maps to; ``group``: its route group (G1 to G6); ``levels``: S1 (danger) to S4 (a lead)."""

    id: str
    zh: str
    en: str
    words: bool
    cn: tuple[str, ...]
    group: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registry:
    """All categories of one version, in file order."""

    version: str
    categories: Mapping[str, Category]

    @property
    def labels(self) -> tuple[str, ...]:
        """The ids that a text can be labelled with."""
        return tuple(c.id for c in self.categories.values() if c.words)

    def name(self, category: str, language: str) -> str:
        """The category's name in ``zh`` or ``en``; an id that is not in the registry is returned as it is."""
        found = self.categories.get(category)
        if found is None:
            return category
        return found.en if language == "en" else found.zh

    def conduct_of(self, category: str) -> tuple[str, ...]:
        """The behaviour ids that a category stands for, nearest first."""
        found = self.categories.get(category)
        return found.cn if found is not None else ()

    def categories_of(self, conduct: str) -> tuple[str, ...]:
        """The categories that map to one behaviour id."""
        return tuple(c.id for c in self.categories.values() if conduct in c.cn)


@cache
def registry() -> Registry:
    """The shipped registry. Raises ``ValueError`` when the file is not of its form (a packaging fault)."""
    import yaml

    raw = yaml.safe_load(_FILE.read_text("utf-8"))
    found: dict[str, Category] = {}
    for row in raw["categories"]:
        category = Category(**{**row, "cn": tuple(row["cn"]), "levels": tuple(row["levels"])})
        if category.id in found:
            raise ValueError(f"{_FILE.name}: {category.id} twice")
        found[category.id] = category
    return Registry(raw["version"], MappingProxyType(found))
