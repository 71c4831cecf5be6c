"""Signs, packs and notarises the application on macOS, each as far as there are credentials.

They come from the environment and are never written down:
``PERSONA_SIGN_AS`` names the "Developer ID Application" certificate in the keychain;
``PERSONA_NOTARY_PROFILE`` names what `xcrun notarytool store-credentials` has stored.
"""

import os
import shutil
from pathlib import Path

from devkit.bundle.names import NAME, PACKAGES, TITLE, package_name
from devkit.places import BUILD, OUT
from devkit.programs import must, say

ENTITLEMENTS = BUILD / "macos" / "entitlements.plist"
SIGN_AS = "PERSONA_SIGN_AS"
NOTARY = "PERSONA_NOTARY_PROFILE"
UNSIGNED = f"!!! {SIGN_AS} IS NOT SET: THE APP IS NOT SIGNED, AND macOS WILL WARN OF IT !!!"
NOT_NOTARISED = f"!!! {NOTARY} IS NOT SET: NOT NOTARISED, AND macOS WILL REFUSE IT AT FIRST !!!"


def sign(application: Path) -> bool:
    """Sign every program inside, the innermost first. False, said loudly, without a certificate."""
    identity = os.environ.get(SIGN_AS, "")
    if not identity:
        say(UNSIGNED)
        return False
    for part in [*sorted(inner_code(application), key=_depth, reverse=True), application]:
        must(f"signing {part.name}", sign_command(part, identity))
    strict = ["codesign", "--verify", "--deep", "--strict", str(application)]
    must("checking the signature", strict)
    return True


def sign_command(part: Path, identity: str) -> list[str]:
    hardened = ["--force", "--timestamp", "--options", "runtime"]
    return [
        "codesign", *hardened, "--entitlements", str(ENTITLEMENTS), "--sign", identity, str(part),
    ]  # fmt: skip


def inner_code(application: Path) -> list[Path]:
    """Libraries and programs inside the application, which are signed one by one."""
    contents = application / "Contents"
    libraries = [p for p in contents.rglob("*") if p.suffix in {".so", ".dylib"}]
    frameworks = [p for p in contents.rglob("*.framework") if p.is_dir()]
    programs = [p for p in (contents / "MacOS").glob("*") if p.name != NAME]
    return [p for p in (*libraries, *frameworks, *programs) if not p.is_symlink()]


def build(application: Path) -> Path:
    """A disk image that shows the application beside the folder to drag it into."""
    PACKAGES.mkdir(parents=True, exist_ok=True)
    target = PACKAGES / package_name(".dmg")
    shown = OUT / "dmg"
    shutil.rmtree(shown, ignore_errors=True)
    shown.mkdir(parents=True)
    must("copying the app", ["ditto", str(application), str(shown / application.name)])
    (shown / "Applications").symlink_to("/Applications")
    image = ["-volname", TITLE, "-srcfolder", str(shown), "-fs", "HFS+", "-format", "UDZO"]
    must("making the .dmg", ["hdiutil", "create", *image, "-ov", str(target)])
    shutil.rmtree(shown)
    if identity := os.environ.get(SIGN_AS, ""):
        signed = ["codesign", "--force", "--timestamp", "--sign", identity, str(target)]
        must("signing the .dmg", signed)
    notarise(target)
    return target


def notarise(image: Path) -> bool:
    """Have Apple look at it and staple the answer. False, said loudly, without credentials."""
    profile = os.environ.get(NOTARY, "")
    if not profile:
        say(NOT_NOTARISED)
        return False
    asked = ["--keychain-profile", profile, "--wait", "--timeout", "30m"]
    must("notarising", ["xcrun", "notarytool", "submit", str(image), *asked])
    must("stapling", ["xcrun", "stapler", "staple", str(image)])
    return True


def _depth(path: Path) -> int:
    return len(path.parts)
