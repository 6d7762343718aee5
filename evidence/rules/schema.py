"""The closed vocabulary of rule packs: every word that a pack may use. Nothing here names a country."""

from __future__ import annotations

from evidence.facttypes import CHANNELS as CHANNELS
from evidence.facttypes import FACT_TYPES as FACT_TYPES
from evidence.parties import LENDER_TYPES, RELATIONS, ROLES

SCHEMA = 1

KINDS = (
    "statute",
    "regulation",
    "directive_to_firms",
    "licence_condition",
    "court_decision",
    "guideline",
    "industry_code",
    "draft",
)
FORCES = ("binding", "presumption", "soft", "none")
STATUSES = ("in_force", "not_yet", "repealed", "suspended", "draft", "unknown")
VERIFICATIONS = ("primary", "secondary_multi", "secondary_single", "belief", "conflict")
APPLIES_BY = ("event_date", "complaint_date", "contract_date", "debt_default_date")
SOURCE_KINDS = ("official", "gazette", "law_firm", "press", "other")
EFFECTS = ("violation", "presumption", "indicator")
STRENGTHS = ("express", "general")
LEGAL_AREAS = ("criminal", "administrative", "civil", "soft")
OPERATORS = ("hours", "count", "spacing", "latch", "forbid")

DIRECTIONS = ("to_victim", "from_victim", "any")
OUTCOMES = ("attempted", "connected", "conversation", "delivered")
PURPOSES = (
    "demand",
    "location",
    "statutory_notice",
    "reply",
    "optout_confirmation",
    "terminating",
    "may_invoke_remedy",
    "intends_remedy",
    "unknown",
)
PLACES = ("home", "mobile", "work", "other")
KEYS = ("collector", "creditor", "debt", "person", "number", "line", "place", "channel")
UNITS = ("second", "minute", "hour", "day", "week", "month")
WINDOW_KINDS = ("rolling", "calendar", "lifetime")
DISTINCT = ("event", "channel", "number", "person", "day")
UNKNOWN_KEY = ("undetermined", "separate", "merge")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
HOLIDAY = ("normal", "forbidden", "own_span")
FLAGS = ("consent_time", "debtor_reached")

SCOPE_VALUES: dict[str, tuple[str, ...]] = {
    "lender_type": LENDER_TYPES,
    "collector_type": (
        "original_creditor",
        "affiliate",
        "agency",
        "debt_buyer",
        "law_firm",
        "bank",
        "nbfc",
        "finance_company",
        "p2p_platform",
        "digital_lender",
        "money_lender",
        "private_person",
        "court_officer",
    ),
    "licence": ("licensed", "unlicensed"),
    "debt_type": (
        "consumer",
        "card",
        "personal_loan",
        "online_consumer",
        "microfinance",
        "mortgage",
        "vehicle",
        "rent",
        "utility",
        "telecom",
        "business",
    ),
    "stage": ("pre_due", "overdue", "collection_procedures", "judgment"),
    "person_relation": RELATIONS,
}
EVENT_VALUES: dict[str, tuple[str, ...]] = {
    "channel": CHANNELS,
    "outcome": OUTCOMES,
    "purpose": PURPOSES,
    "place": PLACES,
    "relation": RELATIONS,
    "role": ROLES,
    "lender_type": LENDER_TYPES,
}
EVIDENCE = (
    "original_message",
    "screenshot_with_header",
    "recording_lawful",
    "call_log",
    "carrier_bill",
    "third_party_statement",
    "number_ownership",
    "payment_record",
    "document_original",
    "note_made_same_day",
    "objection_with_date",
)
PERMISSIONS = ("allowed", "contested", "forbidden", "unknown")
CONSENTS = ("one_party", "all_party", "notice_suffices", "none_stated")
MEDIA = ("phone", "in_person", "video", "voicemail_left_by_caller")
LEVELS = ("green", "amber", "red", "grey")
ZONE_SOURCES = ("consumer_location", "billing_address", "fixed")
PLACEHOLDERS = frozenset(
    {"n", "limit", "day", "first", "last", "creditor", "person", "numbers", "list", "connected", "attempted"}
)
