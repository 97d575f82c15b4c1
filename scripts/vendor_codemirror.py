"""Build the editor of the YAML box from its packages; needs node and npm, set-up does not.

scripts/vendor_codemirror.py           write the built file and say its size
scripts/vendor_codemirror.py --check   fail if building gives other bytes than are committed
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "scripts" / "codemirror"
BUILT = ROOT / "platform/quytrinh/static/quytrinh/vendor/codemirror/codemirror.js"
BUNDLE = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none")


def build(folder: Path) -> bytes:
    """Install exactly what the lock file names and bundle it."""
    for name in ("package.json", "package-lock.json", "entry.js"):
        shutil.copy(SOURCE / name, folder / name)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True)
    built = folder / "codemirror.js"
    esbuild = folder / "node_modules" / ".bin" / "esbuild"
    subprocess.run([esbuild, "entry.js", *BUNDLE, f"--outfile={built}"], cwd=folder, check=True)
    return built.read_bytes()


def main() -> int:
    """Build and write, or build and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder))
    if check:
        same = BUILT.read_bytes() == built
        print("same bytes" if same else "other bytes than are committed")
        return 0 if same else 1
    BUILT.write_bytes(built)
    print(f"{hashlib.sha256(built).hexdigest()}  {len(gzip.compress(built, 9)) / 1000:.1f} kB gz")
    return 0


if __name__ == "__main__":
    sys.exit(main())
