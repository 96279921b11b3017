"""Make the pictures of the documentation from the real thing: ``python docs/make_pictures.py``.

The page is photographed in Chromium, on the shipped case, as `mcda app` shows it.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
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


def main() -> None:
    """Make every picture."""
    IMAGES.mkdir(exist_ok=True)
    picture_of_the_page(IMAGES / "page.png")


if __name__ == "__main__":
    main()
