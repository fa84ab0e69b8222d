"""Whether a place is in Bosnia and Herzegovina (``content/border.yml``), give or take some km."""

import math
from functools import cache
from pathlib import Path

import yaml

from content.distance import Point

BORDER = Path(__file__).parent / "border.yml"
#: Km beyond the drawn border that still count as inside: the line is drawn coarsely, phones err,
#: and who stands at the border must hear of the mines and the centres rather than be told "abroad".
MARGIN = 3.0
_KM_PER_DEGREE = 111.2


@cache
def _line() -> tuple[Point, ...]:
    rows = yaml.safe_load(BORDER.read_text(encoding="utf-8"))["points"]
    return tuple(Point(*row) for row in rows)


def in_country(point: Point) -> bool:
    """Whether a point is in the country or at most MARGIN km beyond its border."""
    line = _line()
    sides = list(zip(line, (*line[1:], line[0]), strict=True))
    return _inside(point, sides) or any(_km_to(point, *side) <= MARGIN for side in sides)


def _inside(point: Point, sides: list[tuple[Point, Point]]) -> bool:
    """By the parity of the sides that a ray to the east crosses."""
    crossed = 0
    for a, b in sides:
        if (a.latitude > point.latitude) != (b.latitude > point.latitude):
            share = (point.latitude - a.latitude) / (b.latitude - a.latitude)
            crossed += point.longitude < a.longitude + share * (b.longitude - a.longitude)
    return crossed % 2 == 1


def _km_to(point: Point, a: Point, b: Point) -> float:
    """Km from a point to a side, on the plane that touches the globe there: fit for a few km."""
    east = _KM_PER_DEGREE * math.cos(math.radians(point.latitude))
    ax, ay = (a.longitude - point.longitude) * east, (a.latitude - point.latitude) * _KM_PER_DEGREE
    bx, by = (b.longitude - point.longitude) * east, (b.latitude - point.latitude) * _KM_PER_DEGREE
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return math.hypot(ax + along * dx, ay + along * dy)
