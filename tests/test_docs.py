"""The documentation says what the program does: commands, codes, links, file names and the seal recipe."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest

from evidence.errors import DunlogError, ExitCode

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
PACKAGES = ("evidence", "complaints")
IMAGE_BYTES = 250_000
TRIED = "Tried on real files, or made after descriptions"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.S)


def headings(name: str) -> list[int]:
    return [len(mark) for mark in re.findall(r"^(#+) ", without_code(read(name)), flags=re.M)]


# -- commands ------------------------------------------------------------------------------------------------


def command_names() -> Iterator[tuple[str, Any]]:
    import typer.main

    from complaints.cli import make_app

    def walk(command: Any, names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        yield " ".join(names), command
        for name, child in getattr(command, "commands", {}).items():
            yield from walk(child, (*names, name))

    yield from walk(typer.main.get_command(make_app()), ("dunlog",))


@pytest.mark.parametrize("page", ["docs/cli.md", "docs/cli.zh-CN.md"])
def test_every_command_is_in_the_reference(page: str) -> None:
    titles = set(re.findall(r"^#+ (dunlog.*)$", read(page), flags=re.M))
    assert titles == {name for name, _command in command_names()}


def test_every_command_has_help_and_an_example() -> None:
    for name, command in command_names():
        assert (command.help or "").strip(), name
        if not getattr(command, "commands", None):
            assert "dunlog" in (command.epilog or ""), f"{name} has no example"


def test_commands_named_in_the_guides_exist() -> None:
    known = {name for name, _command in command_names()}
    for page in ("docs/guide.md", "docs/guide.zh-CN.md", "README.md", "README.zh-CN.md", "docs/errors.md"):
        quoted = "\n".join(re.findall(r"`[^`\n]+`|```sh.*?```", read(page), flags=re.S))
        for words in re.findall(r"dunlog (?:--case \S+ )?([a-z]+(?: (?:set|add|list|break))?)(?=[ `\n])", quoted):
            assert f"dunlog {words}" in known or f"dunlog {words.split()[0]}" in known, f"{page}: dunlog {words}"


# -- codes ---------------------------------------------------------------------------------------------------


def error_classes() -> set[type[DunlogError]]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)

    def below(cls: type[DunlogError]) -> set[type[DunlogError]]:
        return {cls}.union(*(below(child) for child in cls.__subclasses__()))

    return {cls for cls in below(DunlogError) if cls.__module__.split(".")[0] in PACKAGES}


def documented() -> set[str]:
    return set(re.findall(r"^\| `([a-z_\d]+)` \|", read("docs/errors.md"), flags=re.M))


def test_every_exit_code_is_documented() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| `([A-Z_]+)` \|", read("docs/errors.md"), flags=re.M))
    assert rows == {str(int(code)): code.name for code in ExitCode}


def test_every_error_is_documented_with_its_exit_code() -> None:
    section = read("docs/errors.md").split("## Errors that stop a command")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (\d+) \|", section, flags=re.M))
    for cls in error_classes():
        assert cls.code in documented(), cls
        assert int(rows.get(cls.code, cls.exit_code)) == int(cls.exit_code), cls
    assert {"no_case", "case_busy", "preflight", "not_found"} <= set(rows)


@dataclass(frozen=True)
class Module:
    """A source file: what it defines, and where the names that it imports are defined."""

    path: str
    tree: ast.Module
    imports: dict[str, str]


def modules() -> dict[str, Module]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT)
            name = ".".join(relative.with_suffix("").parts)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
            imports = {alias.asname or alias.name: str(node.module) for node in froms for alias in node.names}
            found[name] = Module(str(relative), tree, imports)
    return found


def literals(node: ast.AST | None, constants: Mapping[str, str]) -> Iterator[str]:
    """The plain words that an expression may give; a conditional gives both its ends."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id in constants:
        yield constants[node.id]
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body, constants)
        yield from literals(node.orelse, constants)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        yield from (word for default in node.args[1:] for word in literals(default, constants))


def takes_code(node: ast.AST) -> int | None:
    """Which argument of a function, or field of a class, is the code that people see."""
    if isinstance(node, ast.FunctionDef):
        takes = [(a.arg, a.annotation) for a in node.args.args if a.arg not in ("self", "cls")]
    elif isinstance(node, ast.ClassDef):
        fields = [n for n in node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
        takes = [(n.target.id, n.annotation) for n in fields if isinstance(n.target, ast.Name)]
    else:
        return None
    places = [i for i, (name, kind) in enumerate(takes) if name == "code" and ast.unparse(kind or node) == "str"]
    return places[0] if places else None


def called(node: ast.Call) -> str:
    func = node.func
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


class Codes:
    """Every code that the source can make.

    A code goes into something with an argument or a field ``code``; stands as a key of a table of what is told once;
    begins a tuple ``(code, severity, words)``; is one of those for which a function with an argument ``code`` has
    words; or is the first of a pair that a function gives to such a thing with ``*``.
    """

    NOT_CODES = frozenset({"Recipient", "Span", "Stretch", "word", "words", "field", "seconds", "add", "count"})
    """Other things that have a ``code``; what is added to notes is found in their table of words."""

    def __init__(self) -> None:
        self.modules = modules()
        self.takers = {
            (name, node.name): place
            for name, module in self.modules.items()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in self.NOT_CODES
            if (place := takes_code(node)) is not None
        }
        self.tables = {
            (module.imports.get(arg.id, name), arg.id)
            for name, module in self.modules.items()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and called(node) == "OnceNotes"
            for arg in node.args[:1]
            if isinstance(arg, ast.Name)
        }
        self.pairs = {
            (module.imports.get(called(arg.value), name), called(arg.value))
            for name, module in self.modules.items()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and self.place(node, name, module) is not None
            for arg in node.args
            if isinstance(arg, ast.Starred) and isinstance(arg.value, ast.Call)
        }
        self.found: dict[str, str] = {}
        self.unknown: list[str] = []
        for name, module in self.modules.items():
            constants = self.constants(module)
            for code in self.of(name, module, constants):
                if re.fullmatch(r"[a-z]+(_[a-z\d]+)*", code):
                    self.found.setdefault(code, module.path)

    @staticmethod
    def constants(module: Module) -> dict[str, str]:
        return {
            target.id: node.value.value
            for node in module.tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def of(self, name: str, module: Module, constants: Mapping[str, str]) -> Iterator[str]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                yield from self.of_call(node, name, module, constants)
            elif isinstance(node, ast.Tuple) and len(node.elts) >= 3:
                if set(literals(node.elts[1], {})) & {"warning", "error"}:
                    yield from literals(node.elts[0], constants)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                yield from self.of_table(node, name, constants)
            elif isinstance(node, ast.FunctionDef):
                yield from self.of_function(node, name, constants)

    def place(self, node: ast.Call, name: str, module: Module) -> int | None:
        """Which argument of a call is a code, None for other calls."""
        return self.takers.get((module.imports.get(called(node), name), called(node)))

    def of_call(self, node: ast.Call, name: str, module: Module, constants: Mapping[str, str]) -> Iterator[str]:
        place = self.place(node, name, module)
        if place is None:
            return
        stated = [k.value for k in node.keywords if k.arg == "code"] + node.args[place : place + 1]
        for value in stated:
            words = [*literals(value, constants)]
            if isinstance(value, ast.JoinedStr):
                words += self.joined(value, name, module)
            if not words and not isinstance(value, ast.Starred) and not re.search(r"\bcode$", ast.unparse(value)):
                self.unknown.append(f"{module.path}:{node.lineno}: {ast.unparse(value)}")
            yield from words

    def joined(self, node: ast.JoinedStr, name: str, module: Module) -> Iterator[str]:
        """``f"xml_{damage.what}"``: each of the words that the field or variable is declared to have."""
        start, hole = node.values
        assert isinstance(start, ast.Constant)
        assert isinstance(hole, ast.FormattedValue)
        field = hole.value.attr if isinstance(hole.value, ast.Attribute) else ast.unparse(hole.value)
        words = set()
        for place in {name, *module.imports.values()} & self.modules.keys():
            words |= set(self.declared(self.modules[place].tree, field))
        assert words, f"{module.path}:{node.lineno}: nothing says which words {field} can be"
        yield from (f"{start.value!s}{word}" for word in words)

    @staticmethod
    def declared(tree: ast.Module, field: str) -> Iterator[str]:
        aliases = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == field:
                kind = node.annotation
                kind = aliases.get(kind.id, kind) if isinstance(kind, ast.Name) else kind
                if isinstance(kind, ast.Subscript) and ast.unparse(kind.value) == "Literal":
                    yield from (word for n in ast.walk(kind.slice) for word in literals(n, {}))

    def of_table(self, node: ast.Assign | ast.AnnAssign, module: str, constants: Mapping[str, str]) -> Iterator[str]:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if "code" in names:
            yield from literals(node.value, constants)
        told_once = any((module, name) in self.tables or name == "CODES" for name in names)
        if told_once and isinstance(node.value, ast.Dict):
            yield from (word for key in node.value.keys for word in literals(key, constants))

    def of_function(self, node: ast.FunctionDef, module: str, constants: Mapping[str, str]) -> Iterator[str]:
        if node.name == "_note_texts":
            yield from (word for t in ast.walk(node) if isinstance(t, ast.Tuple) for word in literals(t.elts[0], {}))
        if (module, node.name) in self.takers:
            worded = [inner for inner in ast.walk(node) if isinstance(inner, ast.Subscript)]
            tables = [i.value for i in worded if isinstance(i.value, ast.Dict) and ast.unparse(i.slice) == "code"]
            yield from (word for table in tables for key in table.keys for word in literals(key, constants))
            compared = [inner for inner in ast.walk(node) if isinstance(inner, ast.Compare)]
            ours = [inner for inner in compared if isinstance(inner.left, ast.Name) and inner.left.id == "code"]
            yield from (word for inner in ours for right in inner.comparators for word in literals(right, constants))
        if (module, node.name) not in self.pairs:
            return
        for inner in ast.walk(node):
            if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Tuple) and inner.value.elts:
                yield from literals(inner.value.elts[0], constants)
            elif isinstance(inner, ast.Assign) and ast.unparse(inner.targets[0]) == "codes":
                assert isinstance(inner.value, ast.Dict)
                yield from (word for value in inner.value.values for word in literals(value, constants))


def test_every_problem_code_of_the_source_is_documented() -> None:
    codes = Codes()
    found = codes.found
    assert codes.unknown == [], "made in a way that this search does not follow"
    assert {"xml_truncated", "same_bytes", "log_row_changed", "time_odd", "no_transcript", "internal"} <= set(found)
    # one of each way to make them
    assert {"numbers_hidden", "direction_contradicted", "mail_tnef", "database_cut_short", "encoding_mixed"} <= set(
        found
    )
    assert {"member_left_out", "os_error", "tracked_changes", "backup_app_file", "clock_off"} <= set(found)
    assert {code: place for code, place in found.items() if code not in documented()} == {}


def test_codes_that_importers_are_tested_with_are_found_in_the_source() -> None:
    """A way of making problems that the search does not know would show here."""
    found = Codes().found | {cls.code: "" for cls in error_classes()}
    for path in (ROOT / "tests").rglob("*.expected.json"):
        told = set(re.findall(r'"code": "(\w+)"', path.read_text(encoding="utf-8")))
        assert told <= set(found), path


# -- pages ---------------------------------------------------------------------------------------------------


def test_readmes_name_exactly_two_commands_for_set_up() -> None:
    for page in ("README.md", "README.zh-CN.md"):
        first = re.search(r"```sh\n(.*?)```", read(page), flags=re.S)
        assert first is not None
        assert first[1].splitlines() == ["python3 run.py demo", "python3 run.py test"], page
        assert "py run.py demo" in without_code(read(page)), f"{page} says nothing about Windows"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    text = without_code(page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, anchor = target.partition("#")
        place = page.parent / unquote(name) if name else page
        assert place.exists(), f"{page.name}: {target}"
        assert not anchor or place.suffix != ".md" or anchor in anchors(place), f"{page.name}: {target}"


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", without_code(page.read_text(encoding="utf-8")), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("README.md", "README.zh-CN.md"), ("docs/guide.md", "docs/guide.zh-CN.md"), ("docs/cli.md", "docs/cli.zh-CN.md")],
)
def test_both_languages_have_the_same_sections(english: str, chinese: str) -> None:
    assert headings(english) == headings(chinese)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_name_nothing_outside_and_promise_nothing(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(?:work|home|opt|root|Users|tmp)/", text), "an absolute path of some machine"
    assert "../shared" not in text
    promise = r"guarantee[sd]?\b|100 ?%|\badmissible\b|will be accepted|百分之百"
    assert not re.search(promise, text, flags=re.I)
    assert not re.search("(?:保证|一定|肯定)(?:能|会)?(?:胜诉|受理|采信|成功)", text)


def test_pictures_of_the_documentation_are_small_and_used() -> None:
    files = list((DOCS / "img").iterdir())
    assert files
    assert sum(path.stat().st_size for path in files) < IMAGE_BYTES
    everything = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [path.name for path in files if path.name not in everything] == []


def test_every_fact_type_is_explained() -> None:
    from evidence.facttypes import FACT_TYPES
    from evidence.rules import schema

    explained = set(re.findall(r"`([a-z_]+)`", read("docs/rules.md")))
    for name in {*FACT_TYPES, *schema.OPERATORS}:
        assert name in explained, name


def test_shipped_rules_are_listed() -> None:
    from evidence.rules import load_pack

    for rule in load_pack("cn").rules:
        assert f"`{rule.id}`" in read("docs/rules.md"), rule.id


def test_rows_of_the_json_page_are_those_of_the_program() -> None:
    from evidence.cli.looks import COLUMNS
    from evidence.findings import finding_row
    from evidence.models import Finding, Record
    from evidence.sides import Sides
    from evidence.timeline import RowContext, timeline_row

    def fields(section: str) -> set[str]:
        part = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", read("docs/json.md"), flags=re.M | re.S)
        assert part is not None
        cells = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", part[1], flags=re.M)
        return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}

    row = timeline_row(
        Record("sms", "sms", "sms[1]"), RowContext(ZoneInfo("UTC"), {}, {}, {}, {}, {}, Sides(frozenset(), frozenset()))
    )
    assert fields("timeline") == set(row)
    assert set(row) == set(COLUMNS)
    assert fields("findings") == set(finding_row(Finding("f", "r", "c", "indicator", 1, ()), None))


def test_example_names_of_the_formats_page_are_understood() -> None:
    from evidence.formats.media.recording_names import parse_name
    from evidence.formats.media.screens import parse_screen_name

    text = read("docs/formats.md")
    sounds = re.findall(r"`([^`]{9,}\.(?:mp3|amr|m4a|3gp|ogg|oga))`", text.split("## Screenshots")[0])
    pictures = re.findall(r"`([^`]{5,}\.(?:jpg|png|webp|PNG))`", text.split("## Screenshots")[1])
    assert len(sounds) > 12
    assert len(pictures) > 7
    assert [name for name in sounds if parse_name(name) is None] == []
    assert [name for name in pictures if parse_screen_name(name) is None] == []


def test_formats_page_has_every_importer_and_says_what_was_tried() -> None:
    from evidence.guides import all_guides

    page = read("docs/formats.md")
    importers, tried = (page.split(f"\n## {title}\n")[1].split("\n## ")[0] for title in ("Importers", TRIED))
    named = re.findall(r"^\| `(\w+)` \|", importers, flags=re.M)
    assert sorted(named) == sorted(guide.name for guide in all_guides())
    rows = re.findall(r"^\| [^|]+ \| (.+?) \| (.+?) \|$", tried, flags=re.M)
    for place, checked in enumerate(("real", "synthetic")):
        told = {name for row in rows for name in re.findall(r"`(\w+)`", row[place])}
        assert told == {guide.name for guide in all_guides() if guide.checked == checked}, checked


# -- the recipe of docs/case-format.md -----------------------------------------------------------------------


@pytest.fixture
def small_case(tmp_path: Path) -> Path:
    from evidence.intake import import_paths
    from evidence.log import create_case
    from evidence.models import Answer

    phone = tmp_path / "phone"
    phone.mkdir()
    (phone / "a.bin").write_bytes(b"\x00\x01 not known to anybody")
    (phone / "sms.xml").write_text(
        '<smses count="3">'
        + "".join(f'<sms address="1200000001{i}" date="17700000{i}0000" type="1" body="第{i}条"/>' for i in range(3))
        + "</smses>",
        encoding="utf-8",
    )
    with create_case(tmp_path / "case") as case:
        import_paths(case, [phone])
        case.append("answer", "answer", [])
        case.append("answer", "answer", [Answer(f"field.{i}", f"“{i}”\\", case.now()) for i in range(5)])
    return tmp_path / "case"


def recipe(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", read("docs/case-format.md"), flags=re.S)


def run_recipe(language: str, folder: Path, change: tuple[str, str] = ("", "")) -> str:
    program = [sys.executable, "-"] if language == "python" else ["sh", "-s"]
    out = ""
    for block in recipe(language):
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
        done = subprocess.run(
            program,
            input=block.replace(*change).encode(),
            cwd=folder,
            capture_output=True,
            env=environment,
            check=False,
        )
        out += (done.stdout + done.stderr).decode("utf-8", "replace")
    return out


needs_sqlite3 = pytest.mark.skipif(
    not (shutil.which("sqlite3") and shutil.which("sha256sum") and shutil.which("sh")),
    reason="needs the programs sh, sqlite3 and sha256sum",
)


@needs_sqlite3
def test_shell_recipe_finds_a_good_case_good_and_a_changed_one_wrong(small_case: Path) -> None:
    from evidence.log import open_case

    with open_case(small_case, "test", write=False) as case:
        head = case.head
        rows = case.db.execute("select seq, json_extract(body, '$.count') from log where kind = 'answer'").fetchall()
    good = run_recipe("sh", small_case)
    assert "WRONG" not in good
    assert f"log: {head.seq} rows, head {head.hash}" in good
    for words in ("originals: good", "files: as listed", "source of log row 2: sealed by root"):
        assert words in good
    (five,) = [seq for seq, count in rows if count == 5]
    answers = run_recipe("sh", small_case, ("noun=source\nseq=2", f"noun=answer\nseq={five}"))
    assert f"answer of log row {five}: sealed by root" in answers
    spoil(small_case)
    assert "source 0: WRONG" in run_recipe("sh", small_case)


def test_python_recipe_finds_a_good_case_good_and_a_changed_one_wrong(small_case: Path) -> None:
    assert "all good" in run_recipe("python", small_case)
    spoil(small_case)
    bad = run_recipe("python", small_case)
    assert "NOT good" in bad
    assert "source 0 of log row 2 WRONG" in bad


def spoil(folder: Path) -> None:
    import sqlite3

    with sqlite3.connect(folder / "case.db") as db:
        db.execute("drop trigger source_update")
        db.execute("update source_row set body = replace(body, 'a.bin', 'b.bin') where seq = 2")
    db.close()


# -- starters ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize("name", ["start-linux.sh", "start-macos.command"])
def test_starters_run_the_program_and_keep_the_window(name: str, tmp_path: Path) -> None:
    place = tmp_path / "a folder"
    place.mkdir()
    shutil.copy(ROOT / name, place / name)
    assert os.stat(place / name).st_mode & stat.S_IXUSR
    (place / "run.py").write_text("import os, sys; print('ran', sys.argv[1:], os.getcwd()); sys.exit(7)")
    environment = {**os.environ, "DUNLOG_IN_TERMINAL": "1"}
    done = subprocess.run([place / name], cwd="/", input=b"\n", capture_output=True, env=environment, check=False)
    assert done.returncode == 7
    out = done.stdout.decode()
    assert f"ran [] {place}" in out
    assert "Press Enter" in out


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize("name", ["start-linux.sh", "start-macos.command"])
def test_starters_say_where_python_is_to_be_had(name: str, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("dirname", "cat"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    for old in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        (tools / old).write_text("#!/bin/sh\nexit 1\n")  # an older Python answers the question like this
        (tools / old).chmod(0o755)
    environment = {"PATH": str(tools), "DUNLOG_IN_TERMINAL": "1"}
    shell = shutil.which("sh") or ""
    done = subprocess.run([shell, ROOT / name], input=b"\n", capture_output=True, env=environment, check=False)
    assert done.returncode == 1
    assert "https://www.python.org/downloads/" in done.stdout.decode()
    assert "没有找到 Python 3.11" in done.stdout.decode()


def test_windows_starter_is_readable_by_cmd() -> None:
    data = (ROOT / "start-windows.bat").read_bytes()
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines), "every line must end with CR LF"
    assert lines[:2] == [b"@echo off", b"chcp 65001 >nul"]
    text = data.decode("utf-8")
    assert "%PY% run.py" in text
    assert "pause" in text
    assert text.count("https://www.python.org/downloads/windows/") == 2
