"""What the services of iPhone messages are called in a record."""

from __future__ import annotations

from collections.abc import Mapping

from evidence.models import Kind

SERVICES: Mapping[str, tuple[Kind, str]] = {
    "imessage": ("chat", "imessage"),
    "imessagelite": ("chat", "imessage"),
    "rcs": ("chat", "rcs"),
    "sms": ("sms", "sms"),
    "satellitesms": ("sms", "sms"),
}
