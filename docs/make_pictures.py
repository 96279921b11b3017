"""Make the pictures of the documentation from the real thing: ``python docs/make_pictures.py``.

The page is photographed in Chromium, on the shipped case, as `mcda app` shows it; the workbook's
Ranking sheet is printed by LibreOffice.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
WORKBOOK = ROOT / "workbooks" / "ceasefire_talks.xlsx"
MARGIN = 16
ABOVE_THE_FOLD = 0.53
"""The part of the printed sheet that holds the list and the first chart."""
sys.path.insert(0, str(ROOT))

from tests.browser import Browser, Site, settle  # noqa: E402  (after the path is set)


def picture_of_the_page(to: Path) -> None:
    """Photograph the ranking for the first party, 1280 by 800 pixels."""
    with Site() as site, Browser() as browser:
        tab = browser.open(site, size=(1280, 800))
        tab.locator('[data-testid="stVegaLiteChart"] svg').wait_for()
        settle(tab)
        tab.screenshot(path=str(to))
        tab.context.close()


def picture_of_the_workbook(to: Path) -> None:
    """Print the Ranking sheet and keep what is above the fold, without the white around it."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        subprocess.run([*convert, WORKBOOK], check=True, capture_output=True)
        page = Path(folder) / "page"
        second = ["-f", "2", "-l", "2", "-r", "150", "-singlefile", "-png"]
        subprocess.run(["pdftoppm", *second, f"{folder}/{WORKBOOK.stem}.pdf", page], check=True)
        drawn = Image.open(page.with_suffix(".png")).convert("RGB")
    paper = Image.new("RGB", drawn.size, "white")
    left, top, right, bottom = ImageChops.difference(drawn, paper).getbbox() or (0, 0, 0, 0)
    fold = top + round((bottom - top) * ABOVE_THE_FOLD)
    cut = drawn.crop((left - MARGIN, top - MARGIN, right + MARGIN, fold + MARGIN))
    cut.quantize(128).save(to, optimize=True)


def main() -> None:
    """Make every picture."""
    IMAGES.mkdir(exist_ok=True)
    picture_of_the_page(IMAGES / "page.png")
    picture_of_the_workbook(IMAGES / "workbook.png")


if __name__ == "__main__":
    main()
