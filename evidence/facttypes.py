"""The closed list of dated statements, for those who write them down and for the rules that ask for them."""

from __future__ import annotations

FACT_TYPES = (
    "cease_notice",
    "refusal_to_pay",
    "optout_call",
    "optout_sms",
    "optout_email",
    "optout_im",
    "dispute_written",
    "lawyer_known",
    "employer_prohibits",
    "no_work_calls",
    "preferred_time",
    "hours_agreed",
    "consent_calls",
    "consent_time",
    "complaint_to_firm",
    "firm_final_reply",
    "complaint_to_regulator",
    "first_direct_contact",
    "hospital",
    "surgery",
    "death_in_family",
    "disaster",
    "regulator_pause",
    "regulator_pause_end",
    "payment",
    "agreed_plan",
    "due_date",
    "loan",
    "overdue",
    "debt_transfer",
    "licence_status",
    "lost_contact",
    "reachable",
    "separate_debt",
    "authorship",
    "clock_offset",
    "other",
)

CHANNELS = (
    "call",
    "voicemail",
    "sms",
    "im",
    "email",
    "letter",
    "fax",
    "visit",
    "social_public",
    "social_private",
    "push",
    "in_app",
)
"""Ways in which one person reaches another."""
THIRD = "third"
"""In the key ``channels`` of a ``cease_notice``: contact with people other than the one who asked."""

CLOCK_OFFSET = "clock_offset"
"""A source's clock was off: keys ``source`` (SHA-256), ``ahead_s`` (seconds ahead; negative: behind), ``spread_s``."""

AUTHORSHIP = "authorship"
"""Who wrote or said the words of a finding: keys ``finding`` (its id) and ``by`` (``other`` or ``self``)."""
AUTHORS = ("other", "self")
