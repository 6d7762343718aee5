"""A rule pack in memory: frozen, checked, without behaviour that could come from a pack file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from evidence.detectors.counting import Limit
from evidence.detectors.hours import Hours
from evidence.detectors.spacing import Spacing
from evidence.rules.predicates import Predicate

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LegalSource:
    """Where a text was read."""

    id: str
    kind: str
    title: str
    publisher: str = ""
    url: str = ""
    read_on: date | None = None
    text_date: date | None = None


@dataclass(frozen=True, slots=True)
class NormVersion:
    """One state of a norm: in force from ``from_`` up to and including ``to`` (None: until further notice)."""

    id: str
    from_: date
    to: date | None
    status: str
    applies_by: str
    source: str
    verification: str
    checked_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Norm:
    """A legal text with its versions and whom it binds. ``scope`` None: anyone. ``assumption``: what is taken for
    granted wherever it is cited."""

    id: str
    title: Texts
    cite: Texts
    issuer: str
    kind: str
    force: str
    versions: tuple[NormVersion, ...]
    scope: Predicate | None = None
    assumption: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clause:
    """A norm's clause that stands beside a rule. ``min_events``: only for at least so many contacts."""

    norm: str
    clause: Texts
    min_events: int = 1


@dataclass(frozen=True, slots=True)
class Exclude:
    """Events that match are not counted; ``because`` is what the left-out list says."""

    when: Predicate
    because: Texts


@dataclass(frozen=True, slots=True)
class Select:
    """Which events a rule looks at. ``roles`` are those of the sender (``unknown``: not stated)."""

    channels: tuple[str, ...]
    direction: str = "to_victim"
    roles: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    where: Predicate | None = None


@dataclass(frozen=True, slots=True)
class HoursOp:
    """``agreed_fact``: a statement whose keys ``from`` and ``to`` replace the allowed time for its creditor."""

    hours: Hours
    agreed_fact: str | None = None


@dataclass(frozen=True, slots=True)
class CountOp:
    """``on_unknown_key``: what events without a creditor (or other key) do."""

    limit: Limit
    on_unknown_key: str = "undetermined"


@dataclass(frozen=True, slots=True)
class SpacingOp:
    """Least distance between two contacts."""

    spacing: Spacing


@dataclass(frozen=True, slots=True)
class Formality:
    """What a statement of one form needs: it lapses after ``lapses_after_days`` unless confirmed in writing within
    ``confirm_within_days``."""

    lapses_after_days: int | None = None
    confirm_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class LatchOp:
    """Triggered by statements or by an event; ends after ``for_n`` units, at an ``until`` statement, or never."""

    facts: tuple[str, ...] = ()
    event: Predicate | None = None
    same: tuple[str, ...] = ()
    for_n: int | None = None
    for_unit: str = "day"
    day0_counts: bool = False
    until: tuple[str, ...] = ()
    allow_purposes: tuple[str, ...] = ()
    formality: Mapping[str, Formality] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForbidOp:
    """Every selected contact."""


Op = HoursOp | CountOp | SpacingOp | LatchOp | ForbidOp


@dataclass(frozen=True, slots=True)
class Fixture:
    """A golden case inside the pack. ``events`` and ``facts`` are plain data, read by ``evidence.rules.fixtures``."""

    name: str
    expect: str
    counted: int | None
    lender_type: str | None
    debtor_zone: str | None
    relation: str | None
    events: tuple[Mapping[str, object], ...]
    facts: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A computable test bound to a clause of a norm.

    ``working_value``: the number is the program's own and must not be printed as law. ``assumptions`` are printed with
    each finding; ``explain`` is the sentence of the finding with placeholders.
    """

    id: str
    norm: str
    clause: Texts
    category: str
    op: Op
    effect: str
    harm: int
    select: Select
    per: tuple[str, ...]
    explain: Texts
    exclude: tuple[Exclude, ...] = ()
    scope: Predicate | None = None
    from_: date | None = None
    to: date | None = None
    also: tuple[Clause, ...] = ()
    assumptions: tuple[Texts, ...] = ()
    source: str = ""
    working_value: bool = False
    overrides: tuple[str, ...] = ()
    fixtures: tuple[Fixture, ...] = ()


@dataclass(frozen=True, slots=True)
class ConductEntry:
    """A clause that a category of conduct may come under. ``scope``: only where this holds of the contact (who was
    reached, what was stated before). ``elements``: what must be shown besides, each a clause of a sentence.
    """

    norm: str
    clause: Texts
    strength: str
    legal_area: str
    elements: tuple[Texts, ...] = ()
    min_events: int = 1
    scope: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Conduct:
    """What a category means in this country. ``effect`` is the most that words alone can show."""

    category: str
    harm: int
    legal: str
    effect: str
    entries: tuple[ConductEntry, ...]
    evidence: tuple[str, ...]
    explain: Texts
    min_confidence: float = 0.0
    human_confirm: bool = True
    police_flag: bool = False
    roles_exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingPolicy:
    """Whether a person may record calls with others and what may be done with the recording."""

    self_record: str
    consent: str
    make: str
    keep: str
    use: str
    disclose: str
    in_evidence: str
    media: tuple[str, ...]
    level: str
    ack_required: bool
    default_import: bool
    default_in_dossier: bool
    text: Texts
    cross_border: str
    norms: tuple[Clause, ...]
    announce_script: Texts = field(default_factory=dict)
    alternatives: tuple[Texts, ...] = ()
    safe_export_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that the other side must do, for the letter that asks for it. ``retention_days``: how long records
    must be kept, for the countdown."""

    id: str
    norm: str
    clause: Texts
    duty: Texts
    ask: Texts
    retention_days: int | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """One jurisdiction's rules, of one version. ``hash`` is SHA-256 over its files (see ``loader.pack_hash``).

    ``debt_words``: kinds of debt with the words of an answer that mean them; the first kind that fits counts.
    """

    id: str
    version: str
    released: date
    reviewed_on: date
    review_by: date
    jurisdiction: str
    name: Texts
    disclaimer: Texts
    languages: tuple[str, ...]
    currency: str
    zone_source: str
    zone: str
    week_starts: str
    granularity_s: float
    conversation_min_s: float
    reached_within_days: int
    maintainers: tuple[str, ...]
    sources: Mapping[str, LegalSource]
    norms: Mapping[str, Norm]
    rules: tuple[Rule, ...]
    conduct: Mapping[str, Conduct]
    recording: RecordingPolicy
    duties: tuple[Duty, ...]
    holidays: Mapping[int, frozenset[date]]
    hash: str
    debt_words: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def stamp(self) -> str:
        """What a finding stores: id, version and the whole hash."""
        return f"{self.id} {self.version} sha256:{self.hash}"
