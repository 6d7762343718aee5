"""The pages of each exhibit: registers, transcripts with their neighbours, pictures with boxes, spoken lines."""

from __future__ import annotations

from collections.abc import Mapping

from complaints import clock
from complaints.blocks import Figure, Message, Span, Spans, Table, Transcript
from complaints.exhibits import Group, Plan, kind_of, line_offsets, shown_reading
from complaints.models import Content, Exhibit, Foreign
from complaints.shots import picture_kind
from complaints.tables import make_table
from complaints.wording import joined
from evidence.models import Quote, Reading, Record

Box = tuple[float, float, float, float]


def exhibits(plan: Plan, concerns: Mapping[str, tuple[str, ...]], sections: Mapping[str, Span]) -> tuple[Exhibit, ...]:
    """Every exhibit of ``plan`` with its catalogue texts and its content.

    ``concerns`` maps a record to the categories of the findings it stands in; ``sections`` a category to the
    linked number of its section.
    """
    writer = _Writer(plan, concerns, sections)
    return tuple(writer.exhibit(group) for group in plan.groups)


class _Writer:
    def __init__(self, plan: Plan, concerns: Mapping[str, tuple[str, ...]], sections: Mapping[str, Span]) -> None:
        self.plan, self.book, self.concerns, self.sections = plan, plan.book, concerns, sections
        self.say = plan.book.wording
        self.quotes = plan.book.quotes()

    def exhibit(self, group: Group) -> Exhibit:
        first = group.records[0] if group.records else None
        files = tuple(dict.fromkeys(h for r in group.records for h in (*self.book.sources_of(r), *self._read_from(r))))
        made = Exhibit(
            number=group.number,
            kind=group.kind,
            label=self.plan.label(group),
            anchor=group.anchor,
            title=self._title(group),
            legal_kind=self.say.word("legal_kinds", group.kind),
            origin=self._origin(group, first),
            carrier=self._carrier(group, first),
            shows=self._shows(group),
            formed=self._formed(group),
            files=(group.file,) if group.file else files,
            items=group.items,
            content=self._content(group),
        )
        return made

    def _read_from(self, record: Record) -> tuple[str, ...]:
        """The imported files (subtitles, a typed text) that quoted or printed words of a record were read from."""
        readings = [self.book.readings.get(q.reading or "") for q in self.quotes.get(record.id, ())]
        if record.media and kind_of(record) in ("recording", "picture"):
            readings.append(shown_reading(self.book, record))
        return tuple(dict.fromkeys(r.source for r in readings if r is not None and r.source))

    # -- catalogue ---------------------------------------------------------------------------------------

    def _title(self, group: Group) -> Spans:
        first = group.records[0] if group.records else None
        match group.kind:
            case "calls":
                return self.say.spans("title_calls", n=len(group.records))
            case "conversation":
                assert first is not None
                key = "sms" if first.kind in ("sms", "mms") else first.channel
                who = self.book.label_number(first) or self.book.masker.name(first.name or "")
                channel = self.say.word("channels", key)
                return self.say.spans("title_conversation", number=who, channel=channel, n=len(group.records))
            case "note":
                return self.say.spans("title_note", n=len(group.records))
            case "recording":
                return self.say.spans("title_recording", name=self._media_name(group))
            case "picture":
                return self.say.spans("title_picture", name=self._media_name(group))
            case "file":
                return self.say.spans("title_file", name=self._file_name(group.file or (first.source if first else "")))

    def _origin(self, group: Group, first: Record | None) -> Spans:
        if group.kind == "note":
            return self.say.spans("origin_note")
        hashes = [group.file] if group.file else dict.fromkeys(r.source for r in group.records)
        sources = [self.book.sources[h] for h in hashes if h in self.book.sources]
        importer = (sources[0].importer or "").split(" ")[0] if sources else ""
        how = self.say.word("origins", importer)
        name = self.book.listed([(Span(Foreign(source.name)),) for source in sources])
        if first is not None and first.holder != "self":
            return self.say.spans("origin_holder", holder=self.book.subject(first.holder), how=how, name=name)
        return self.say.spans("origin", how=how, name=name)

    def _carrier(self, group: Group, first: Record | None) -> Spans:
        if group.kind == "note":
            return self.say.spans("carrier_note")
        if first is not None and first.holder != "self":
            return self.say.spans("carrier_holder", holder=self.book.subject(first.holder))
        stated = self.book.answer("evidence.carrier")
        if stated:
            return self.say.spans("carrier_self", carrier=Foreign(stated))
        return self.say.spans("carrier_unstated")

    def _shows(self, group: Group) -> Spans:
        found = {c for record in group.records for c in self.concerns.get(record.id, ())}
        numbers = tuple(section for c, section in self.sections.items() if c in found)
        parts = [self.say.spans("shows", sections=numbers)] if numbers else []
        if group.kind == "calls" and any(self._has_recording(record) for record in group.records):
            parts.append(self.say.spans("shows_calls"))
        return joined(parts, self.say.plain("shows_more")) if parts else self.say.spans("shows_fact")

    def _has_recording(self, call: Record) -> bool:
        """Whether words of this call are quoted from its recording."""
        together = self.book.together.get(self.book.first_of.get(call.id, call.id), ())
        return any(kind_of(self.book.records[one]) == "recording" and one in self.quotes for one in together)

    def _formed(self, group: Group) -> str:
        days = (clock.local(r.time.utc, self.book.zone).date() for r in group.records if r.time.utc is not None)
        text = clock.period_text(days, self.say)
        if group.kind == "picture" and group.records[0].time.utc is not None:
            return self.say.word("made", picture_kind(group.records[0])).format(day=text)
        return text

    def _file_name(self, sha256: str) -> Foreign:
        source = self.book.sources.get(sha256)
        return Foreign(source.name if source else sha256[:12])

    def _media_name(self, group: Group) -> Foreign:
        record = group.records[0]
        return Foreign(record.media[0].name) if record.media else self._file_name(record.source)

    # -- content -----------------------------------------------------------------------------------------

    def _content(self, group: Group) -> Content:
        match group.kind:
            case "calls":
                return Content((self.say.spans("calls_note"),), tables=(self._register(group),))
            case "conversation":
                return self._conversation(group)
            case "recording":
                return self._recording(group)
            case "picture":
                return self._picture(group)
            case "note":
                return Content((self.say.spans("note_stated"),), tables=(self._notes(group),))
            case "file":
                return Content((self.say.spans("picture_no_image"),))

    def _register(self, group: Group) -> Table:
        rows = [self._call_row(group, k, record) for k, record in enumerate(group.records, 1)]
        keys = ("no", "time", "number", "direction", "outcome", "seconds", "concerns", "remark")
        anchors = tuple(item.anchor for item in group.items)
        return self._table(keys, rows, (7, 22, 16, 7, 8, 9, 12, 19), anchors)

    def _call_row(self, group: Group, k: int, record: Record) -> list[Spans]:
        short = [self.say.word("short", c) for c in self.concerns.get(record.id, ())]
        seconds = "" if record.duration_s is None else f"{record.duration_s:g}"
        return [
            (Span(f"{group.number}-{k}"),),
            (Span(self.book.row_time(record)),),
            (Span(self.book.label_number(record)),),
            (Span(self.say.plain(f"direction_{record.direction or 'none'}")),),
            (Span(self.say.plain(f"outcome_{record.outcome or 'none'}")),),
            (Span(seconds),),
            (Span(self.say.plain("list_separator").join(dict.fromkeys(short))),),
            self._elsewhere(group, record),
        ]

    def _elsewhere(self, group: Group, record: Record) -> Spans:
        """The recording or picture of the same event, or the other file that has it too."""
        parts: list[Spans] = []
        for other in self.book.together.get(self.book.first_of.get(record.id, record.id), ()):
            if other == record.id:
                continue
            if other in self.plan.places:
                place, _k = self.plan.places[other]
                if place.number != group.number:
                    link = Span(self.plan.label(place), href=f"#{place.anchor}")
                    parts.append(self.say.spans("also_in", label=link))
            elif self.book.records[other].source != record.source:
                name = self._file_name(self.book.records[other].source)
                parts.append(self.say.spans("same_event_file", name=name))
        return joined(parts, self.say.plain("shows_more"))

    def _conversation(self, group: Group) -> Content:
        transcripts, figures = list[Transcript](), list[Figure]()
        anchors = {item.record: item for item in group.items}
        for gap, run in group.segments:
            caption = self.say.plain("gap", n=gap) if gap else ""
            messages = []
            for record in run:
                item = anchors[record.id]
                marks = [(q.start, q.end) for q in self.quotes.get(record.id, ()) if q.reading is None]
                text = self.book.shown(record, record.text or "", marks)
                number = item.anchor.removeprefix("ex")
                direction = record.direction or "unknown"
                messages.append(
                    Message(self.book.row_time(record), self._who(record), direction, text, number, item.anchor)
                )
                figures += self._attached(record, item.label)
            transcripts.append(Transcript(tuple(messages), caption))
        notes = (*self._files_note(group), *self._mask_note(group))
        return Content(notes, tuple(transcripts), tuple(figures))

    def _files_note(self, group: Group) -> tuple[Spans, ...]:
        """Which messages came from which file, when there are several."""
        by_file: dict[str, list[str]] = {}
        for record in group.records:
            by_file.setdefault(record.source, []).append(record.id)
        if len(by_file) < 2:
            return ()
        parts = [
            self.say.spans("from_file", items=self.plan.cite(ids), name=self._file_name(source))
            for source, ids in by_file.items()
        ]
        return ((*joined(parts, self.say.plain("shows_more")), Span(self.say.plain("full_stop"))),)

    def _attached(self, record: Record, label: str) -> list[Figure]:
        return [
            Figure(m.sha256, self._caption(label, m.name, record), None, self._boxes(record, m.sha256))
            for m in record.media
            if m.mime.startswith("image/") and record.id in self.concerns
        ]

    def _boxes(self, record: Record, sha256: str) -> tuple[Box, ...]:
        """The places of quoted words in one picture of a record."""
        boxes: list[Box] = []
        for reading in self.book.view.readings.get(sha256, ()):
            boxes += picture_boxes(reading, [q for q in self.quotes.get(record.id, ()) if q.reading == reading.id])
        return tuple(dict.fromkeys(boxes))

    def _caption(self, label: str, name: str, record: Record) -> Foreign:
        return Foreign(self.say.plain("picture_caption", label=label, name=name, time=self.book.when(record)))

    def _who(self, record: Record) -> str:
        if record.direction == "out":
            own = Foreign(self.book.answer("complainant.name")) or self.say.plain("self_name")
            return own if record.holder == "self" else self.book.masker.name(record.holder)
        return self.book.label_number(record) or self.say.plain("other_name")

    def _mask_note(self, group: Group) -> tuple[Spans, ...]:
        if any(self.book.masker.edits(r.text or "") for r in group.records):
            return (self.say.spans("mask_note"),)
        return ()

    def _recording(self, group: Group) -> Content:
        record = group.records[0]
        values = {"name": self._media_name(group), "time": self.book.when(record)}
        if record.duration_s is None:
            notes = [self.say.spans("recording_info_no_length", **values)]
        else:
            notes = [self.say.spans("recording_info", seconds=f"{record.duration_s:g}", **values)]
        reading = shown_reading(self.book, record)
        if reading is None:
            return Content((*notes, self.say.spans("no_transcript")))
        engine = Foreign(f"{reading.engine} {reading.version}".strip())
        by = "transcript_person" if reading.by == "person" else "transcript_machine"
        notes.append(self.say.spans(by, engine=engine))
        rows, anchors = [], []
        for k, (text, seconds, speaker) in enumerate(self._spoken(record, reading), 1):
            rows.append([(Span(f"{group.number}-{k}"),), (Span(seconds),), (Span(speaker),), text])
            anchors.append(group.items[k - 1].anchor)
        keys = ("no", "seconds_range", "speaker", "text")
        return Content(tuple(notes), tables=(self._table(keys, rows, (9, 16, 12, 63), tuple(anchors)),))

    def _spoken(self, record: Record, reading: Reading) -> list[tuple[Spans, str, Foreign | str]]:
        quotes = [q for q in self.quotes.get(record.id, ()) if q.reading == reading.id]
        unknown = self.say.plain("speakers_unknown")
        if not reading.lines:
            marks = [(q.start, q.end) for q in quotes]
            return [(self.book.shown(record, reading.text, marks, reading.id), "", unknown)]
        rows: list[tuple[Spans, str, Foreign | str]] = []
        for line, (start, end) in zip(reading.lines, line_offsets(reading), strict=True):
            if start < 0:
                text = self.book.shown(record, line.text)
            else:
                text = self.book.shown(
                    record, reading.text, [(q.start, q.end) for q in quotes], reading.id, (start, end)
                )
            seconds = "" if line.start_s is None else f"{line.start_s:.1f}"
            if line.end_s is not None:
                seconds += f"–{line.end_s:.1f}"
            speaker = Foreign(line.speaker) if line.speaker else unknown
            rows.append((text, seconds, speaker))
        return rows

    def _picture(self, group: Group) -> Content:
        record = group.records[0]
        image = next((m for m in record.media if m.mime.startswith("image/")), None)
        if image is None:
            return Content((self.say.spans("picture_no_image"),))
        reading = shown_reading(self.book, record)
        quotes = self.quotes.get(record.id, [])
        boxes = picture_boxes(reading, quotes)
        caption = self._caption(self.plan.label(group), image.name, record)
        figure = Figure(image.sha256, caption, f"{group.anchor}-p", boxes)
        if reading is None:
            return Content(figures=(figure,))
        key = "reading_corrected" if reading.kind == "correction" else "ocr_machine"
        note = self.say.spans(key, engine=Foreign(f"{reading.engine} {reading.version}".strip()))
        rows = [
            [(Span(f"{group.number}-{k}"),), text]
            for k, (text, _seconds, _speaker) in enumerate(self._spoken(record, reading), 1)
        ]
        anchors = tuple(item.anchor for item in group.items)
        table = self._table(("no", "text"), rows, (10, 90), anchors)
        return Content((note,), figures=(figure,), tables=(table,))

    def _notes(self, group: Group) -> Table:
        rows = []
        for k, record in enumerate(group.records, 1):
            marks = [(q.start, q.end) for q in self.quotes.get(record.id, ()) if q.reading is None]
            number = (Span(self.book.label_number(record)),) if record.number else ()
            text = self.book.shown(record, record.text or "", marks)
            rows.append([(Span(f"{group.number}-{k}"),), (Span(self.book.row_time(record)),), number, text])
        anchors = tuple(item.anchor for item in group.items)
        return self._table(("no", "time", "number", "text"), rows, (8, 24, 16, 52), anchors)

    def _table(
        self, keys: tuple[str, ...], rows: list[list[Spans]], widths: tuple[float, ...], anchors: tuple[str, ...]
    ) -> Table:
        return make_table(self.book, keys, rows, widths, anchors)


def picture_boxes(reading: Reading | None, quotes: list[Quote]) -> tuple[Box, ...]:
    """Where the quoted words stand in a picture: the quote's own box, else the boxes of the lines it touches."""
    found: list[Box] = []
    for quote in quotes:
        if quote.box is not None:
            found.append(quote.box)
        elif reading is not None and quote.reading == reading.id:
            for line, (start, end) in zip(reading.lines, line_offsets(reading), strict=True):
                if line.box is not None and start < quote.end and end > quote.start:
                    found.append(line.box)
    return tuple(dict.fromkeys(found))
