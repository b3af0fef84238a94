"""What VENDOR.json says of the files that others wrote, and whether it is true."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = Path(__file__).with_name("VENDOR.json")
# Everything in these folders comes out of a package.
FOLDERS = ("static/vendor", "tests/browser/vendor")


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """Packages by name, files by their path in the repository."""

    packages: dict[str, dict[str, str]]
    files: dict[str, str]

    @classmethod
    def read(cls) -> Self:
        return cls(**json.loads(MANIFEST.read_text(encoding="utf-8")))

    def write(self) -> None:
        said = {"packages": self.packages, "files": self.files}
        text = json.dumps(said, indent=2, sort_keys=True, ensure_ascii=False)
        MANIFEST.write_text(text + "\n", encoding="utf-8")


def digests(root: Path) -> dict[str, str]:
    """The SHA-256 of every file in the vendored folders under `root`."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def differences(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    """One sentence for each file that is missing, unknown or different."""
    return [
        *(f"{name} is missing." for name in sorted(expected.keys() - found.keys())),
        *(f"{name} is not listed." for name in sorted(found.keys() - expected.keys())),
        *(
            f"{name} differs."
            for name in sorted(expected.keys() & found.keys())
            if expected[name] != found[name]
        ),
    ]
