"""The demo's phone folder: what is in it, counted here by other means than those that wrote it."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pillow_heif import register_heif_opener

import complaints
from complaints.demo import screens, sms
from complaints.demo.phone import PhoneManifest, build_phone, build_sister_phone
from complaints.demo.story import Contact, Message, ScreenItem, load_story
from evidence.categories import registry
from evidence.errors import UsageError
from evidence.facts import FACT_TYPES
from evidence.models import Media, Problem, Record
from evidence.parties import LENDER_TYPES, RELATIONS, ROLES

ZONE = ZoneInfo("Asia/Shanghai")
STORY = load_story()
HENGRUI = {"12738206114", "12738206151", "12790463327", "12755018842", "12766120935", "01288461200"}
PAIR = re.compile(r"&#(5[56]\d{3});&#(5[67]\d{3});")

# formats.md names of recordings: how the file name gives the clock.
CLOCKS = {
    "恒睿李主管(12738206114)_20260402193108.mp3": (r"_(\d{14})\.", "%Y%m%d%H%M%S"),
    "恒睿催收@12790463327_20260415101502.amr": (r"_(\d{14})\.", "%Y%m%d%H%M%S"),
    "12755018842 2026-04-21 20-47-33.m4a": (r" (\d{4}-\d\d-\d\d \d\d-\d\d-\d\d)\.", "%Y-%m-%d %H-%M-%S"),
    "通话录音 知秋_260419_195210.m4a": (r"_(\d{6}_\d{6})\.", "%y%m%d_%H%M%S"),
    "CallRecord_20260428-091247_12766120935.ogg": (r"_(\d{8}-\d{6})_", "%Y%m%d-%H%M%S"),
    "12738206151_20260507152210.wav": (r"_(\d{14})\.", "%Y%m%d%H%M%S"),
    "0d20260514183011p12790463327.3gp": (r"d(\d{14})p", "%Y%m%d%H%M%S"),
}


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> PhoneManifest:
    return build_phone(tmp_path_factory.mktemp("demo") / "手机")


def parsed(path: Path) -> ET.Element:
    def join(match: re.Match[str]) -> str:
        return chr(0x10000 + ((int(match[1]) - 0xD800) << 10) + int(match[2]) - 0xDC00)

    return ET.fromstring(PAIR.sub(join, path.read_text("utf-8")))


def newest(phone: PhoneManifest, kind: str) -> ET.Element:
    return parsed(phone.folder / "SMS备份" / f"{kind}-20260531213000.xml")


def local(row: ET.Element) -> datetime:
    return datetime.fromtimestamp(int(row.attrib["date"]) // 1000, ZONE)


def files_of(phone: PhoneManifest, what: str) -> list[Path]:
    return [phone.folder / f.path for f in phone.files if f.what == what]


def test_manifest_names_every_file_and_the_folder_is_small(phone: PhoneManifest) -> None:
    on_disk = {p.relative_to(phone.folder).as_posix() for p in phone.folder.rglob("*") if p.is_file()}
    assert on_disk == {f.path for f in phone.files}
    assert sum(p.stat().st_size for p in phone.folder.rglob("*") if p.is_file()) < 12_000_000


def test_same_bytes_and_times_on_each_run(phone: PhoneManifest, tmp_path: Path) -> None:
    again = build_phone(tmp_path / "again")
    for file in phone.files:
        first, second = phone.folder / file.path, again.folder / file.path
        assert first.read_bytes() == second.read_bytes(), file.path
        assert first.stat().st_mtime == second.stat().st_mtime, file.path
    assert replace(again, folder=phone.folder) == phone


def test_refuses_a_folder_with_something_in_it(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(UsageError):
        build_phone(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_message_counts_and_overlap(phone: PhoneManifest) -> None:
    new, old = newest(phone, "sms"), parsed(phone.folder / "SMS备份" / "sms-20260430.xml")
    rows = [{(s.get("address"), s.get("date"), s.get("body")) for s in root.iter("sms")} for root in (new, old)]
    assert (len(rows[0]), len(rows[1])) == phone.sms_rows == (len(new.findall("sms")), len(old.findall("sms")))
    assert len(rows[0] & rows[1]) == phone.sms_in_both > 100
    assert len(rows[0] | rows[1]) == phone.sms > 300
    assert [body for _, _, body in rows[1] - rows[0]] == [m.text for m in STORY.only_in_old_backup]
    assert (len(new.findall("mms")), len(old.findall("mms"))) == phone.mms_rows
    assert phone.mms == 5
    assert phone.mms_in_both == 2
    assert int(new.attrib["count"]) == phone.declared == len(new) + 1
    assert int(old.attrib["count"]) == len(old)


def test_emoji_is_written_as_a_surrogate_pair(phone: PhoneManifest) -> None:
    text = (phone.folder / "SMS备份" / "sms-20260531213000.xml").read_text("utf-8")
    assert text.count("&#55357;&#56836;") == 1
    with pytest.raises(ET.ParseError):
        ET.fromstring(text)
    assert any("😄" in (row.get("body") or "") for row in newest(phone, "sms").iter("sms"))


def test_calls_come_to_what_the_story_says(phone: PhoneManifest) -> None:
    rows = list(newest(phone, "calls"))
    assert len(rows) == phone.calls > 300
    theirs = [r for r in rows if r.attrib["number"] in HENGRUI and r.attrib["type"] in {"1", "3", "5"}]
    connected = Counter(local(r).date() for r in theirs if int(r.attrib["duration"]) > 0)
    missed = Counter(local(r).date() for r in theirs if r.attrib["type"] == "3")
    assert {d: n for d, n in connected.items() if n > 3} == phone.expected.connected_over_three
    assert {d: n for d, n in missed.items() if n > 6} == phone.expected.unanswered_over_six
    night = sorted(local(r) for r in theirs if local(r).hour >= 22 or local(r).hour < 8)
    assert tuple(night) == phone.expected.night_calls
    assert set(phone.expected.at_the_limit) <= {local(r) for r in theirs}
    for day in phone.expected.connected_over_three:
        assert len({r.attrib["number"] for r in theirs if local(r).date() == day}) > 1


def test_limit_calls_are_exact_to_the_millisecond(phone: PhoneManifest) -> None:
    dates = {int(r.attrib["date"]) for r in newest(phone, "calls")}
    for clock in ("2026-03-12T22:00:00", "2026-03-20T08:00:00"):
        assert int(datetime.fromisoformat(clock).replace(tzinfo=ZONE).timestamp()) * 1000 in dates


def test_collector_messages_at_night(phone: PhoneManifest) -> None:
    theirs = [s for s in newest(phone, "sms").iter("sms") if s.get("address") in HENGRUI and s.get("type") == "1"]
    night = sorted(local(s) for s in theirs if local(s).hour >= 22 or local(s).hour < 8)
    assert tuple(night) == phone.expected.night_messages


def test_planted_words_stand_in_their_files(phone: PhoneManifest) -> None:
    bodies = {(local(s), s.get("address"), s.get("body")) for s in newest(phone, "sms").iter("sms")}
    planted = [p for p in phone.planted if p.kind == "sms"]
    assert planted
    for item in planted:
        assert (item.at, item.number, item.text) in bodies
    wanted = {"threat_violence", "insult", "false_legal_threat", "impersonate_authority", "contact_book_blast"}
    wanted |= {"third_party_contact", "prohibited_hours", "call_frequency", "fake_document"}
    assert wanted <= {p.category for p in phone.planted}
    assert {p.file for p in phone.planted} <= {f.path for f in phone.files}


def test_letter_in_the_mms_is_a_picture_with_addresses(phone: PhoneManifest) -> None:
    letter = next(m for m in newest(phone, "sms").iter("mms") if m.get("sub") == "律师函")
    part = next(p for p in letter.iter("part") if p.get("ct") == "image/jpeg")
    with Image.open(io.BytesIO(base64.b64decode(part.attrib["data"]))) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (1080, 1400)
    kinds = {a.get("type"): a.get("address") for a in letter.iter("addr")}
    assert kinds == {"137": "12790463327", "151": "12600010001"}


def test_no_number_of_a_real_network(phone: PhoneManifest) -> None:
    yaml_text = (Path(screens.__file__).parent / "story.yaml").read_text("utf-8")
    texts = [yaml_text, *(p.read_text("utf-8") for p in files_of(phone, "transcript"))]
    for root in (newest(phone, "sms"), newest(phone, "calls")):
        texts += [row.get("address") or row.get("number") or "" for row in root]
        texts += [row.get("body") or "" for row in root]
    assert not [hit for text in texts for hit in re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)]


def test_recordings_are_audible_and_match_the_call_log(phone: PhoneManifest) -> None:
    calls = list(newest(phone, "calls"))
    paths = files_of(phone, "recording")
    assert {p.name for p in paths} == set(CLOCKS)
    assert {p.suffix for p in paths} == {".mp3", ".amr", ".m4a", ".ogg", ".wav", ".3gp"}
    for path in paths:
        with av.open(str(path)) as sound:
            frames = [f.to_ndarray().astype(float).ravel() for f in sound.decode(audio=0)]
            rate, integer = sound.streams.audio[0].rate, sound.streams.audio[0].format.name.startswith("s16")
        wave = np.concatenate(frames) / (32768 if integer else 1)
        assert 0.03 < float(np.sqrt((wave**2).mean())) < 0.5, path.name
        pattern, form = CLOCKS[path.name]
        found = re.search(pattern, path.name)
        assert found
        stated = datetime.strptime(found[1], form).replace(tzinfo=ZONE)
        seconds = len(wave) / rate
        assert 6 <= seconds <= 20
        number = next(f.number for f in phone.files if f.path.endswith(path.name))
        near = [c for c in calls if c.get("number") == number and abs(local(c) - stated) <= timedelta(seconds=120)]
        assert len(near) == 1, path.name
        assert abs(seconds - int(near[0].attrib["duration"])) <= 0.2 * seconds


def test_transcripts_lie_inside_their_recordings(phone: PhoneManifest) -> None:
    srt, txt = sorted(files_of(phone, "transcript"), key=lambda p: p.suffix)
    spans = re.findall(r"(\d\d:\d\d:\d\d,\d{3}) --> (\d\d:\d\d:\d\d,\d{3})", srt.read_text("utf-8"))
    assert len(spans) == 5
    assert spans == sorted(spans)
    assert spans[-1][1] <= "00:00:17,800"
    assert srt.with_suffix(".mp3").exists()
    assert txt.with_suffix(".amr").exists()
    lines = txt.read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"\[\d\d:\d\d\.\d\] (催收员|我)：.+", line) for line in lines)
    assert len(lines) == 4


def test_litter(phone: PhoneManifest) -> None:
    (broken,) = files_of(phone, "broken")
    with pytest.raises(av.FFmpegError):
        av.open(str(broken))
    assert broken.stat().st_size > 10_000
    assert [p.stat().st_size for what in ("empty", "marker") for p in files_of(phone, what)] == [0, 0]
    ((original, copy),) = phone.same_files
    digests = {hashlib.sha256((phone.folder / name).read_bytes()).hexdigest() for name in (original, copy)}
    assert len(digests) == 1
    assert original != copy
    assert len(files_of(phone, "foreign")) == 1


def test_screenshots_look_like_screens(phone: PhoneManifest) -> None:
    heights = {}
    for path in files_of(phone, "screenshot"):
        with Image.open(path) as picture:
            assert picture.width == 1080
            assert {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}[path.suffix] == picture.format
            heights[path.name] = picture.height
            page = picture.convert("L").getpixel((540, picture.height - 230))
            assert isinstance(page, int | float)
            assert (page < 60) == ("2026-04-20" in path.name), path.name
    assert sum(height > 5000 for height in heights.values()) == 1
    assert len(heights) == 7


def test_a_full_screen_is_refused_unless_it_scrolls() -> None:
    screen = STORY.screens[0]
    many = replace(screen, items=tuple(ScreenItem("l", "一二三四五六七八") for _ in range(20)))
    with pytest.raises(ValueError, match="do not fit"):
        screens.render(many)
    assert screens.render(replace(many, long=True)).height > 2400


def test_photos_carry_their_time(phone: PhoneManifest) -> None:
    register_heif_opener()
    for photo in STORY.photos:
        with Image.open(phone.folder / "照片" / photo.file) as picture:
            assert picture.size == (1500, 2000)
            details = picture.getexif().get_ifd(0x8769)
        assert photo.at is not None
        assert details[36867] == f"{photo.at:%Y:%m:%d %H:%M:%S}"
        assert details[36881] == "+08:00"


def test_identity_number_is_well_formed_and_of_no_place() -> None:
    number = STORY.answers["complainant.id_no"]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(w * int(c) for w, c in zip(weights, number, strict=False)) % 11]
    assert len(number) == 18
    assert number[-1] == check
    assert number.startswith("99")  # first two digits of a real one are a province, 11 to 91


def test_what_the_borrower_states_can_be_found_again(phone: PhoneManifest) -> None:
    bodies = {(local(s), s.get("body"), s.get("type")) for s in newest(phone, "sms").iter("sms")}
    assert {f.type for f in STORY.facts} <= set(FACT_TYPES)
    stop = next(f for f in STORY.facts if f.type == "cease_notice")
    assert stop.when.startswith("2026-04-08")
    assert stop.form == "written"
    (request,) = stop.proofs
    assert isinstance(request, Message)
    assert request.out
    calls = {(local(c), c.get("duration")) for c in newest(phone, "calls").iter("call")}
    for fact in STORY.facts:
        for proof in fact.proofs:
            if isinstance(proof, Message):
                assert (proof.at, proof.text, "2" if proof.out else "1") in bodies
            else:
                assert (proof.at, str(proof.seconds)) in calls
        if fact.proofs:
            assert fact.when == f"{fact.proofs[0].at:%Y-%m-%d %H:%M:%S}"
    assert {p.number for p in STORY.parties if p.role == "collector"} == HENGRUI
    texts = [body or "" for _at, body, _type in bodies] + [p.text for p in phone.planted]
    texts += [item.text for screen in STORY.screens for item in screen.items] + [mms.text for mms in STORY.mms]
    assert {r.decision for r in STORY.reviews} == {"confirmed", "dismissed"}
    for choice in STORY.reviews:
        assert choice.reason
        assert choice.fragment is None or any(choice.fragment in text for text in texts), choice.fragment
    assert len({r.reason for r in STORY.reviews}) == len(STORY.reviews)
    assert STORY.reviews[-1].decision == "confirmed"
    assert STORY.reviews[-1].category is None


def test_story_uses_only_the_words_of_the_registries(phone: PhoneManifest) -> None:
    assert {p.role for p in STORY.parties} <= set(ROLES)
    assert {p.lender_type for p in STORY.parties} - {None} <= set(LENDER_TYPES)
    assert {p.relation for p in STORY.parties} - {None} <= set(RELATIONS)
    assert {p.category for p in phone.planted} <= set(registry().categories)
    asked = set()
    for path in (Path(complaints.__file__).parent / "recipients" / "cn").glob("*.yaml"):
        asked |= {field["id"] for field in yaml.safe_load(path.read_text("utf-8"))["fields"]}
    assert set(STORY.answers) <= asked


def test_importer_reads_the_backups_as_the_manifest_says(phone: PhoneManifest) -> None:
    from evidence.importers import sms_backup_restore
    from evidence.importers.base import FileProbe, ReadOptions

    def attach(data: io.BufferedIOBase, name: str, mime: str) -> Media:
        kept = data.read()
        return Media(hashlib.sha256(kept).hexdigest(), len(kept), mime, name)

    counts: Counter[str] = Counter()
    codes = []
    for path in (*files_of(phone, "messages"), *files_of(phone, "calls")):
        data = path.read_bytes()
        probe = FileProbe(path, path.name, len(data), hashlib.sha256(data).hexdigest(), data[:65536])
        assert sms_backup_restore.IMPORTER.claims(probe)
        for item in sms_backup_restore.IMPORTER.read(probe, ReadOptions(ZONE), attach):
            if isinstance(item, Record):
                counts[item.kind] += 1
            elif isinstance(item, Problem):
                codes.append(item.code)
    assert counts == {"sms": sum(phone.sms_rows), "mms": sum(phone.mms_rows), "call": phone.calls}
    assert "count_differs" in codes


def test_sister_phone_is_a_folder_of_its_own(tmp_path: Path) -> None:
    sister = build_sister_phone(tmp_path / "sister")
    assert sister.holder == "林知秋"
    messages = parsed(next(p for p in sister.folder.glob("sms-*.xml")))
    calls = parsed(next(p for p in sister.folder.glob("calls-*.xml")))
    assert (len(messages), len(calls)) == (sister.sms, sister.calls) == (3, 2)
    contacts = [r for r in (*messages, *calls) if (r.get("address") or r.get("number")) in HENGRUI]
    assert sum(r.get("type") == "1" for r in contacts) == 2
    assert {p.category for p in sister.planted} == {"third_party_contact", "privacy_disclosure"}


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn"), whitelist_characters="\n"), max_size=60))
def test_any_text_survives_the_backup(text: str) -> None:
    at = datetime(2026, 4, 1, 9, 30, 15, tzinfo=ZONE)
    book = sms.Book({"x": Contact("x", "12600010009", text)})
    xml = sms.messages_xml(STORY, book, [Message(at, "x", False, text)], [], sms.Pictures(b"", b""), at, 1)
    joined = PAIR.sub(lambda m: chr(0x10000 + ((int(m[1]) - 0xD800) << 10) + int(m[2]) - 0xDC00), xml.decode())
    (row,) = ET.fromstring(joined)
    assert row.get("body") == text
