"""Rule packs: law as data. ``load_pack("cn")`` gives a checked pack or one error that lists every fault."""

from __future__ import annotations

from evidence.rules.loader import countries, load_pack, load_pack_from, stale_banner

__all__ = ["countries", "load_pack", "load_pack_from", "stale_banner"]
