"""Where labels stand beside points, so that none covers another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

LONGEST = 34
"""Characters of a label; what is longer is cut."""
CHARACTER = (6.2, 13.0)
"""Width and height of a character, in pixels."""
POINT = 8.0
"""From the middle of a point to its edge, in pixels."""
NEAR = 20.0
"""A label farther above or below its point than this needs a line that leads to it, in pixels."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label that found a place: its text, and where it is anchored, in pixels from top left."""

    index: int
    text: str
    align: str
    x: float
    y: float
    far: bool


def _places() -> tuple[tuple[str, float, float], ...]:
    """Places to try, nearest first: alignment, and pixels to the right and down of the point."""
    near = [("left", 10.0, 0.0), ("right", -10.0, 0.0), ("left", 9.0, -12.0), ("left", 9.0, 12.0),
            ("right", -9.0, -12.0), ("right", -9.0, 12.0),
            ("center", 0.0, -17.0), ("center", 0.0, 17.0)]  # fmt: skip
    down = [step * 15.0 for distance in range(2, 6) for step in (-distance, distance)]
    far = [
        ("left" if right > 0 else "right", right, below)
        for below, right in product(down, (18.0, -18.0))
    ]
    return (*near, *far)


_PLACES = _places()


def place_labels(
    points: Sequence[tuple[str, float, float]],
    /,
    *,
    size: tuple[float, float],
    lines: Sequence[Box] = (),
) -> list[Label]:
    """Find a place for the label of each point that covers no other label and no point.

    ``points``: (name, x, y) in pixels from top left; ``size``: width and height of the ground;
    ``lines``: boxes to keep off where there is another place. A point without room has no label.
    """
    taken = [(x - POINT, y - POINT, x + POINT, y + POINT) for _, x, y in points]
    found = []
    for index, (name, x, y) in enumerate(points):
        text = short(name)
        free = [
            (place, box)
            for place in _PLACES
            if _within(box := _box(text, x, y, place), size) and not _any_overlap(box, taken)
        ]
        if not free:
            continue
        (align, right, below), box = min(
            free, key=lambda one: (_is_far(one[0]), _any_overlap(one[1], lines))
        )
        taken.append(box)
        far = _is_far((align, right, below))
        found.append(Label(index, text, align, x + right, y + below, far))
    return found


def short(name: str, /) -> str:
    """Return a name on one line, cut where it is too long for a label.

    >>> short("European and Ukrainian text of 23 April 2025")
    'European and Ukrainian text of 23…'
    """
    line = " ".join(name.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _box(text: str, x: float, y: float, place: tuple[str, float, float]) -> Box:
    align, right, below = place
    width, height = len(text) * CHARACTER[0], CHARACTER[1]
    left = x + right - {"left": 0.0, "right": width, "center": width / 2}[align]
    return (left, y + below - height / 2, left + width, y + below + height / 2)


def _within(box: Box, size: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[2] <= size[0] and box[1] >= 0 and box[3] <= size[1]


def _is_far(place: tuple[str, float, float]) -> bool:
    return abs(place[2]) > NEAR


def _any_overlap(box: Box, others: Iterable[Box]) -> bool:
    return any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )
