"""The commands of the evidence side. Each module adds its own to the root app; only these modules print."""

from __future__ import annotations

import typer

from evidence.cli import cases, checks, clock, formats, judge, looks, papers, reads, states, tables


def register(app: typer.Typer) -> None:
    """Add every command of this package, in the order a newcomer meets them."""
    for module in (cases, formats, reads, looks, states, clock, tables, papers, judge, checks):
        module.register(app)
