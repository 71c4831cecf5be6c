"""What goes into the packages: licences, accounts, identities, and what a check refuses."""

import json
import plistlib
import re
from pathlib import Path

import pytest

from devkit.bundle import checksums, frozen, identity, macos, names, notices, parts
from devkit.places import ROOT, RUN_LOCK
from devkit.programs import SetUpFailed


def test_every_package_of_the_lock_that_is_here_is_accounted_for_with_its_text() -> None:
    locked = set(re.findall(r"^([a-z0-9-]+)==", RUN_LOCK.read_text("utf-8"), re.MULTILINE))
    found = {part.name: part for part in parts.python_packages()}
    assert set(found) <= locked
    assert {"pywebview", "httpx2", "msgspec", "h11"} <= set(found)
    silent = [name for name, part in found.items() if not part.text and name not in parts.QT]
    assert not silent, "a licence asks for its text to travel along"
    assert all(part.licence and part.version for part in found.values())


def test_what_the_page_imports_is_accounted_for_with_what_that_needs() -> None:
    if not (ROOT / "ui" / "node_modules").is_dir():
        pytest.skip("the page's packages are not installed")
    found = {part.name: part for part in parts.page_packages()}
    assert {"svelte", "bits-ui", "dompurify", "markdown-it", "@lucide/svelte"} <= set(found)
    assert {"linkify-it", "@floating-ui/dom"} <= set(found), "needed by those"
    assert "vitest" not in found, "what only builds and tests is not shipped"
    fonts = [part for part in found.values() if part.licence == "OFL-1.1"]
    assert len(fonts) >= 3
    for font in fonts:
        assert "SIL OPEN FONT LICENSE" in font.text.upper()
    assert "Kil Hyung-jin" in found["pretendard"].text


def test_the_notices_name_each_part_and_print_equal_texts_once() -> None:
    two = [
        parts.Part("one", "1", "MIT", "may be used by all"),
        parts.Part("two", "2", "MIT", "may be used by all"),
        parts.Part("three", "3", "MIT", ""),
    ]
    text = notices.text(two)
    assert text.count("may be used by all") == 1
    assert "one 1\ntwo 2\n" in text
    assert "brings no file" in text
    assert "MIT License" in text, "our own stands there too"
    assert "Qt WebEngine" not in text
    with_qt = notices.text([*two, parts.Part("Qt, Qt WebEngine", "6", "LGPL-3.0-only", "lgpl")])
    assert "may be exchanged" in with_qt


def test_the_sbom_is_the_same_for_the_same_parts_and_another_for_others() -> None:
    one = parts.Part("one", "1", "MIT", "x", "pkg:pypi/one@1")
    first, again = notices.sbom([one]), notices.sbom([one])
    assert first == again
    assert notices.sbom([one._replace(version="2")])["serialNumber"] != first["serialNumber"]
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", str(first["serialNumber"]))
    component = first["components"][0]
    assert component["purl"] == "pkg:pypi/one@1"
    assert component["licenses"] == [{"expression": "MIT"}]
    assert first["dependencies"][0]["dependsOn"] == [component["bom-ref"]]
    assert json.loads(json.dumps(first)) == first


@pytest.mark.parametrize("licence", ["BSD", "see below", "The one of Debian", "unknown"])
def test_a_licence_that_is_no_spdx_expression_is_told_as_a_name(licence: str) -> None:
    told = notices.sbom([parts.Part("p", "1", licence, "")])["components"][0]["licenses"]
    assert told == [{"license": {"name": licence}}]


@pytest.mark.parametrize(
    ("told", "four"),
    [("1.2.3", (1, 2, 3, 0)), ("0.1", (0, 1, 0, 0)), ("2.0.0rc1", (2, 0, 0, 0)),
     ("1.4b2.7", (1, 4, 0, 0))],
)  # fmt: skip
def test_a_version_becomes_the_four_numbers_of_windows(
    told: str, four: tuple[int, int, int, int]
) -> None:
    assert identity.four_numbers(told) == four


def test_the_version_resource_says_the_same_as_pyproject() -> None:
    class Told(dict):  # type: ignore[type-arg]
        def __init__(self, *words: object, **named: object) -> None:
            super().__init__(named, words=words)

    names_of = ("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct",
                "VarFileInfo", "VarStruct")  # fmt: skip
    read = eval(identity.version_resource(), dict.fromkeys(names_of, Told))
    assert read["ffi"]["filevers"] == identity.four_numbers(names.version())
    table = read["kids"][0]["words"][0][0]["words"]
    strings = dict(each["words"] for each in table[1])
    assert strings["ProductVersion"] == names.version()
    assert strings["OriginalFilename"] == "PersonaChat.exe"


def test_macos_is_told_three_languages_and_no_permission_is_asked_for() -> None:
    told = identity.info_plist()
    assert told["CFBundleLocalizations"] == ["ko", "en", "ja"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["CFBundleVersion"])
    assert not [key for key in told if key.endswith("UsageDescription")]
    assert "LSBackgroundOnly" not in told
    plistlib.dumps(told)


def test_the_entitlements_are_two_and_open_no_door() -> None:
    told = plistlib.loads(macos.ENTITLEMENTS.read_bytes())
    assert set(told) == {
        "com.apple.security.cs.allow-unsigned-executable-memory",
        "com.apple.security.cs.disable-library-validation",
    }


def test_without_credentials_signing_is_left_out_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv(macos.SIGN_AS, raising=False)
    monkeypatch.delenv(macos.NOTARY, raising=False)
    monkeypatch.setattr(macos, "must", lambda *_, **__: pytest.fail("something was run"))
    assert macos.sign(tmp_path) is False
    assert macos.notarise(tmp_path / "x.dmg") is False
    said = capsys.readouterr().out
    assert macos.UNSIGNED in said
    assert macos.NOT_NOTARISED in said


def test_with_credentials_the_innermost_is_signed_first_and_the_app_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = tmp_path / "PersonaChat.app"
    deep = app / "Contents" / "Frameworks" / "a" / "b" / "deep.so"
    flat = app / "Contents" / "Frameworks" / "flat.dylib"
    for file in (deep, flat, app / "Contents" / "MacOS" / "PersonaChat"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    ran: list[list[str]] = []
    monkeypatch.setenv(macos.SIGN_AS, "Developer ID Application: Someone")
    monkeypatch.setenv(macos.NOTARY, "persona")
    monkeypatch.setattr(macos, "must", lambda _, command, **__: ran.append(command))
    assert macos.sign(app)
    signed = [Path(command[-1]) for command in ran if "--sign" in command]
    assert signed == [deep, flat, app]
    assert all("runtime" in command for command in ran if "--sign" in command)
    assert macos.notarise(tmp_path / "x.dmg")
    assert ran[-2][:3] == ["xcrun", "notarytool", "submit"]
    assert ran[-1][:3] == ["xcrun", "stapler", "staple"]


def test_a_frozen_folder_that_lacks_or_has_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(frozen, "modules", lambda _: set(frozen.MODULES_BY_NAME))
    monkeypatch.setattr(frozen, "_start", lambda _: [])
    (tmp_path / "_internal" / "ui" / "dist").mkdir(parents=True)
    (tmp_path / "_internal" / "ui" / "dist" / "app.js.map").touch()
    with pytest.raises(SetUpFailed) as refused:
        frozen.check(tmp_path, ["desktop.new"])
    said = str(refused.value)
    assert "is missing: ui/dist/index.html" in said
    assert f"is missing: {notices.NOTICES}" in said
    assert "does not belong there: _internal/ui/dist/app.js.map" in said
    assert "module is missing: desktop.new" in said
    monkeypatch.setattr(frozen, "megabytes", lambda _: 900.0)
    with pytest.raises(SetUpFailed, match="weighs 900 MB"):
        frozen.check(tmp_path, ["desktop.new"])


def test_every_module_of_ours_is_looked_for() -> None:
    found = set(frozen.our_modules())
    assert {"desktop.main.modes", "desktop.window.crash_notice", "desktop.paths"} <= found


def test_checksums_are_read_by_the_usual_tool(tmp_path: Path) -> None:
    (tmp_path / "a.deb").write_bytes(b"a")
    (tmp_path / "b.zip").write_bytes(b"b")
    checksums.write(tmp_path)
    told = checksums.write(tmp_path)
    assert told is not None
    lines = told.read_bytes().split(b"\n")
    assert lines[0] == (b"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a.deb")
    assert len(lines) == 3, "its own sum is not in it"
    assert b"\r" not in told.read_bytes()


@pytest.mark.parametrize(
    ("machine", "told"), [("x86_64", "amd64"), ("AMD64", "amd64"), ("aarch64", "arm64")]
)
def test_processors_are_named_one_way(machine: str, told: str) -> None:
    assert names.architecture(machine) == told
