"""The whole test command: ``uv run --group dev python -m tests`` (``--long`` for the long tests).

It installs what the tests need beside Python packages where it can, then checks style, types,
layers and behaviour.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

NEEDED = {
    "soffice": ("libreoffice-calc", "libreoffice-writer", "python3-uno"),
    "chromium": ("chromium",),
    "pdftoppm": ("poppler-utils",),
}
"""Programs that the tests drive for real, and the Debian packages that bring them."""

PROCESSES = ("-n", "2", "--dist", "loadgroup")
"""Two at a time; what belongs together stays in one process (`tests/conftest.py`)."""

STEPS = {
    "style": [["ruff", "check", "."], ["ruff", "format", "--check", "."]],
    "types": [["mypy"]],
    "layers": [["lint-imports", "--no-logo"]],
    "tests": [["pytest", *PROCESSES, "-m", "not long"]],
}
LONG_STEPS = {"long tests": [["pytest", *PROCESSES, "-m", "long"]]}

ELSEWHERE = """\
Missing: {programs}. On Debian or Ubuntu, as root:
    apt-get update && apt-get install -y {packages}
Elsewhere install LibreOffice (with its Python bridge), Chromium and Poppler, and have `soffice`,
`chromium` and `pdftoppm` on the path."""


def missing() -> list[str]:
    """The programs that are not there."""
    return [program for program in NEEDED if shutil.which(program) is None]


def install(programs: list[str]) -> None:
    """Install the programs from Debian's packages, or stop and say how."""
    packages = [package for program in programs for package in NEEDED[program]]
    apt = shutil.which("apt-get")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if apt is None or not is_root:
        sys.exit(ELSEWHERE.format(programs=", ".join(programs), packages=" ".join(packages)))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        [apt, "update", "-qq"],
        [apt, "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        subprocess.run(command, check=True, env=environment)
    if still := missing():
        sys.exit(ELSEWHERE.format(programs=", ".join(still), packages=" ".join(packages)))


def main() -> None:
    """Run every step, and fail at the end if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("--long", action="store_true", help="run the long tests instead")
    steps = LONG_STEPS if parser.parse_args().long else STEPS
    if programs := missing():
        install(programs)
    scripts = Path(sys.executable).parent
    failed = []
    for name, commands in steps.items():
        start = time.monotonic()
        for command in commands:
            print(f"\n── {name}: {' '.join(command)}", flush=True)
            if subprocess.run([scripts / command[0], *command[1:]], check=False).returncode:
                failed.append(name)
        print(f"── {name} took {time.monotonic() - start:.0f} s", flush=True)
    if failed:
        sys.exit(f"Failed: {', '.join(dict.fromkeys(failed))}")
    print("All passed.")


if __name__ == "__main__":
    main()
