#!/usr/bin/env python3
"""Set up dunlog and run it, with nothing but Python 3.11 or newer.

    python3 run.py demo          the shipped example, from raw phone folder to finished dossiers
    python3 run.py test          the tests
    python3 run.py               start dunlog and let it guide you
    python3 run.py dunlog ...    any dunlog command

The first run makes a private environment in .venv (with uv when it is there, else with pip, which is
fetched from the package index when Python came without it) and installs exactly the packages of
requirements.txt, checked by their hashes. Nothing else on the machine is touched. --install-system also
installs the system packages that improve something; that needs root.
"""

from __future__ import annotations

import configparser
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("DUNLOG_VENV", ROOT / ".venv"))
PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
SYSTEM = {
    "tesseract": ("tesseract-ocr tesseract-ocr-chi-sim", "the second OCR engine (dunlog read --engine tesseract)"),
    "pdftotext": ("poppler-utils", "the tests that read finished PDFs with another program"),
}


def main() -> int:
    """Set up and run what the arguments ask for."""
    if sys.version_info < (3, 11):
        print(f"dunlog needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    arguments = sys.argv[1:]
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    install_system = "--install-system" in arguments
    arguments = [word for word in arguments if word != "--install-system"]
    command = arguments[0] if arguments else ""
    if command not in ("", "demo", "test", "dunlog", "setup"):
        print(__doc__)
        print(f"unknown: {command}", file=sys.stderr)
        return 2
    system_packages(install_system)
    try:
        python = set_up(testing=command == "test" or (command == "setup" and "test" in arguments[1:]))
    except subprocess.CalledProcessError as error:
        say(f"setting up failed (exit status {error.returncode}; the reason stands above).")
        say(f"Check the network, delete {VENV} and try again.")
        return 1
    if command == "setup":
        return 0
    if command == "test":
        words = [str(python), "-m", "pytest", *(arguments[1:] or ["-n", "auto"])]
    elif command == "dunlog":
        words = [str(python), "-m", "complaints", *arguments[1:]]
    else:
        words = [str(python), "-m", "complaints", *arguments]
    return subprocess.call(words, cwd=ROOT if command == "test" else None)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def system_packages(install: bool) -> None:
    """Name what is missing and what is skipped without it; install only when told and able."""
    for program, (packages, purpose) in SYSTEM.items():
        if shutil.which(program):
            continue
        if install and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
            say(f"installing {packages} ...")
            subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
            done = subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages.split()],
                                  check=False, stdout=subprocess.DEVNULL)  # fmt: skip
            if done.returncode == 0:
                continue
        say(f"note: {program} is not installed; skipped without it: {purpose}. (Debian/Ubuntu: {packages})")


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def set_up(*, testing: bool) -> Path:
    """The environment's Python, with everything installed. Does nothing when nothing changed."""
    requirements = ROOT / ("requirements-test.txt" if testing else "requirements.txt")
    python, stamp = python_of(VENV), VENV / "dunlog-stamp"
    wanted = fingerprint(requirements)
    have = stamp.read_text().split() if stamp.is_file() else []
    if python.exists() and (wanted in have):
        return python
    say(f"setting up {VENV} (first run or changed requirements; this downloads about 250 MB) ...")
    uv = shutil.which("uv")
    if uv:
        with_uv(uv, python, requirements)
    else:
        with_pip(python, requirements)
    kept = [fingerprint(ROOT / "requirements.txt")] if testing else []
    stamp.write_text("\n".join([*kept, wanted]) + "\n")
    return python


def fingerprint(requirements: Path) -> str:
    digest = hashlib.sha256(sys.version.encode())
    catalogues = sorted((ROOT / "evidence" / "locale").glob("*/LC_MESSAGES/*.po"))
    for path in (requirements, ROOT / "pyproject.toml", ROOT / "hatch_build.py", *catalogues):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def with_uv(uv: str, python: Path, requirements: Path) -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    if not python.exists():
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], check=True, env=environment)
    install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([*install, "--require-hashes", "-r", str(requirements)], check=True, env=environment)
    subprocess.run([*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True, env=environment)


def with_pip(python: Path, requirements: Path) -> None:
    if not python.exists():
        import venv

        venv.create(VENV, with_pip=False, symlinks=os.name != "nt")
    with tempfile.TemporaryDirectory() as scratch:
        pip = [str(python), str(fetch_pip(Path(scratch)) / "pip")]
        install = [*pip, "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        subprocess.run([*install, "--require-hashes", "-r", str(requirements)], check=True)
        subprocess.run([*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)


def fetch_pip(scratch: Path) -> Path:
    """pip's own wheel, which runs as it is: the pinned one, from the index this machine is set to use."""
    target = scratch / PIP_WHEEL
    errors = []
    for place in indexes():
        try:
            target.write_bytes(download(place, PIP_WHEEL))
        except (OSError, LookupError, urllib.error.URLError) as error:
            errors.append(str(error))
            continue
        found = hashlib.sha256(target.read_bytes()).hexdigest()
        if found == PIP_SHA256:
            return target
        errors.append(f"the hash of {PIP_WHEEL} is {found}, not the pinned one")
    raise SystemExit("pip could not be fetched from the package index:\n  " + "\n  ".join(errors))


def indexes() -> list[str]:
    """Index pages to ask for pip, as pip itself would: environment, then its configuration files, then PyPI."""
    places = [os.environ.get("PIP_INDEX_URL", ""), *os.environ.get("PIP_EXTRA_INDEX_URL", "").split()]
    links = os.environ.get("PIP_FIND_LINKS", "").split()
    for path in pip_files():
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, OSError) as error:
            say(f"note: {path} was not understood: {error}")
            continue
        for section in ("global", "install"):
            places.append(parser.get(section, "index-url", fallback=""))
            places += parser.get(section, "extra-index-url", fallback="").split()
            links += parser.get(section, "find-links", fallback="").split()
    places.append("https://pypi.org/simple")
    pages = [place.rstrip("/") + "/pip/" for place in places if place]
    return list(dict.fromkeys([*links, *pages]))


def pip_files() -> list[Path]:
    named = os.environ.get("PIP_CONFIG_FILE")
    home = Path.home()
    places = [Path(named)] if named and named != os.devnull else []
    if os.name == "nt":
        places += [Path(os.environ.get("APPDATA", home)) / "pip" / "pip.ini", home / "pip" / "pip.ini"]
    else:
        config = Path(os.environ.get("XDG_CONFIG_HOME", home / ".config"))
        places += [config / "pip" / "pip.conf", home / ".pip" / "pip.conf",
                   home / "Library/Application Support/pip/pip.conf", Path("/etc/pip.conf")]  # fmt: skip
    return [path for path in places if path.is_file()]


def download(place: str, name: str) -> bytes:
    """The file called ``name`` from a folder, a page with links, or an index page."""
    if "://" not in place:
        return (Path(place) / name).read_bytes()
    address = place
    page = read(address).decode("utf-8", "replace")
    for link in re.findall(r'href="([^"]+)"', page):
        clean = urllib.parse.unquote(urllib.parse.urlsplit(link).path)
        if clean.rsplit("/", 1)[-1] == name:
            return read(urllib.parse.urljoin(address, link))
    raise LookupError(f"{name} is not listed at this index")


def read(address: str) -> bytes:
    certificates = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    context = None
    if certificates and address.startswith("https"):
        import ssl

        context = ssl.create_default_context(cafile=certificates)
    request = urllib.request.Request(address, headers={"Accept": "text/html", "User-Agent": "dunlog-run"})
    with urllib.request.urlopen(request, timeout=120, context=context) as answer:
        data: bytes = answer.read()
        return data


if __name__ == "__main__":
    sys.exit(main())
