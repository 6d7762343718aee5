"""Which engine is chosen, and what is said when it is not installed. No engine runs here."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

from evidence.errors import ExitCode, MissingPart, UsageError
from evidence.ocr import OcrEngine, _probe, engine, fingerprint
from evidence.ocr.rapid import RapidEngine
from evidence.ocr.tess import joined


def without(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Make ``module`` look as if it were not installed."""
    real = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name, *rest: None if name == module else real(name, *rest))


def test_the_default_is_rapidocr() -> None:
    for name in (None, "rapidocr"):
        chosen = engine(name)
        assert isinstance(chosen, OcrEngine)
        assert chosen.name == "rapidocr"
        assert chosen.settings["confidence"] == "normal"


@pytest.mark.parametrize("module", ["rapidocr", "onnxruntime", "cv2"])
def test_a_missing_rapidocr_is_never_replaced_in_silence(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, module)
    with pytest.raises(MissingPart) as caught:
        engine(None)
    assert "--engine tesseract" in caught.value.hint
    assert caught.value.exit_code == ExitCode.MISSING_PART


def test_a_missing_model_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_probe, "RECOGNISER", "no_such_model.onnx")
    with pytest.raises(MissingPart, match=r"no_such_model\.onnx"):
        engine("rapidocr")


def test_a_library_that_does_not_load_is_a_missing_part(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = RapidEngine()
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingPart, match="cv2"):
        _ = chosen._rapid


def test_settings_name_the_models_by_hash_and_can_be_stored() -> None:
    chosen = engine("rapidocr")
    settings = json.loads(json.dumps(chosen.settings))
    assert set(settings["models"]) == {"PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"}
    assert all(len(value) == 64 for value in settings["models"].values())
    assert settings["libraries"]["rapidocr"] == chosen.version
    assert fingerprint(chosen) == fingerprint(RapidEngine())


def test_unknown_engines_are_refused(fakes: str) -> None:
    for name in ("easyocr", "no_such_module:Engine", f"{fakes}:no_such_name", f"{fakes}:not_an_engine"):
        with pytest.raises(UsageError) as caught:
            engine(name)
        assert "rapidocr" in caught.value.hint


def test_an_engine_from_outside_is_taken_by_module_and_name(fakes: str) -> None:
    assert engine(f"{fakes}:Fake").name == "fake"


def test_tesseract_without_its_program_or_package(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        without(patch, "pytesseract")
        with pytest.raises(MissingPart, match="pytesseract"):
            engine("tesseract")
    monkeypatch.setattr(_probe.shutil, "which", lambda _name: None)
    with pytest.raises(MissingPart) as caught:
        engine("tesseract")
    assert "tesseract-ocr-chi-sim" in caught.value.hint


def program(folder: Path, listing: str, status: int = 0) -> str:
    """A stand-in for the tesseract program that only answers the two questions of the probe."""
    path = folder / "tesseract"
    path.write_text(
        f"#!{sys.executable}\nimport sys\n"
        f"print('tesseract 5.9.9' if sys.argv[1] == '--version' else {listing!r})\nsys.exit({status})\n"
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")
def test_tesseract_says_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chi_sim.traineddata").write_bytes(b"model")
    listing = f'List of available languages in "{tmp_path}/" (2):\nchi_sim\neng'
    monkeypatch.setattr(_probe.shutil, "which", lambda _name: program(tmp_path, listing))
    chosen = engine("tesseract")
    assert chosen.version == "5.9.9"
    assert chosen.settings["confidence"] == "low"
    assert len(chosen.settings["models"]["chi_sim.traineddata"]) == 64

    monkeypatch.setattr(_probe.shutil, "which", lambda _name: program(tmp_path, "List (2):\nchi_sim\neng"))
    assert engine("tesseract").settings["models"] == {"chi_sim.traineddata": None}

    monkeypatch.setattr(_probe.shutil, "which", lambda _name: program(tmp_path, "List (1):\neng"))
    with pytest.raises(MissingPart, match="chi_sim"):
        engine("tesseract")

    monkeypatch.setattr(_probe.shutil, "which", lambda _name: program(tmp_path, listing, status=1))
    with pytest.raises(MissingPart):
        engine("tesseract")


def test_words_are_joined_without_spaces_beside_chinese() -> None:
    assert joined(["今天", "必须", "还", "3,200", "元", "，", "call", "me", "now"]) == "今天必须还3,200元，call me now"


def test_importing_the_package_loads_no_engine() -> None:
    code = (
        "import sys, evidence.ocr, evidence.ocr.pool\n"
        "evidence.ocr.engine('rapidocr').settings\n"
        "print([m for m in ('PIL', 'numpy', 'cv2', 'rapidocr', 'onnxruntime', 'pytesseract') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.strip() == "[]"
