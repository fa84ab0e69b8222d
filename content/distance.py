"""Distances on the globe, for lists of what is near. Points are degrees (WGS 84)."""

import math
from typing import NamedTuple

#: Mean radius of the Earth in km (IUGG; https://doi.org/10.1007/s001900050278).
EARTH_RADIUS = 6371.0088


class Point(NamedTuple):
    """A place on the globe: degrees north and east (WGS 84)."""

    latitude: float
    longitude: float


def kilometres(one: Point, other: Point) -> float:
    """The great-circle distance in km, by the haversine formula (R. W. Sinnott, "Virtues of the
    Haversine", Sky and Telescope 68, 1984, p. 159). The globe taken as a sphere: right to 0.5 %.
    """
    north = math.radians(other.latitude - one.latitude)
    east = math.radians(other.longitude - one.longitude)
    across = math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude))
    haversine = math.sin(north / 2) ** 2 + across * math.sin(east / 2) ** 2
    # rounding may carry it past 1 where the points lie on opposite sides of the globe
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, haversine)))


def about(distance: float) -> int:
    """A distance in km as people say it: whole, from 20 km on a multiple of 5, from 100 on of 10.

    At least 1: nothing is so near that a straight line says how far one has to go.
    """
    step = 1 if distance < 20 else 5 if distance < 100 else 10
    return max(1, round(distance / step) * step)
