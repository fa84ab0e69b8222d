"""Distances, and what counts as inside the country."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.border import MARGIN, in_country
from content.directory import Directory
from content.distance import EARTH_RADIUS, Point, about, kilometres

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
towns = Directory.load().towns


@given(points, points, points)
def test_the_distance_is_a_distance(a, b, c):
    assert kilometres(a, a) == 0
    assert kilometres(a, b) == pytest.approx(kilometres(b, a))
    assert 0 <= kilometres(a, b) <= math.pi * EARTH_RADIUS * (1 + 1e-9)
    assert kilometres(a, c) <= kilometres(a, b) + kilometres(b, c) + 1e-6


@given(points, st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_it_agrees_with_the_angle_between_two_directions(a, north, east):
    """An independent formula: the angle between unit vectors, by their cross and dot products."""
    b = Point(max(-90.0, min(90.0, a.latitude + north)), a.longitude + east)
    one, other = _vector(a), _vector(b)
    cross = math.hypot(
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )
    dot = sum(x * y for x, y in zip(one, other, strict=True))
    assert kilometres(a, b) == pytest.approx(EARTH_RADIUS * math.atan2(cross, dot), abs=1e-6)


def _vector(point: Point) -> tuple[float, float, float]:
    north, east = math.radians(point.latitude), math.radians(point.longitude)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def test_a_degree_along_a_meridian_is_a_hundred_and_eleven_km():
    assert kilometres(Point(43, 18), Point(44, 18)) == pytest.approx(111.195, abs=0.01)


@given(st.floats(0, 20_000))
def test_distances_are_said_in_round_numbers_near_the_true_one(km):
    said = about(km)
    assert said >= 1
    step = 1 if km < 20 else 5 if km < 100 else 10
    assert said % step == 0 or km < 1
    assert abs(said - km) <= max(1, step / 2) + 1e-9


@pytest.mark.parametrize("town", towns.values(), ids=lambda town: town.id)
def test_every_town_is_in_the_country(town):
    assert town.point is not None and in_country(town.point)


@pytest.mark.parametrize(
    ("where", "inside"),
    [
        ((44.0, 17.8), True),  # the middle of the country
        ((43.508, 16.440), False),  # Split
        ((45.815, 15.982), False),  # Zagreb
        ((44.787, 20.457), False),  # Belgrade
        ((42.441, 19.263), False),  # Podgorica
        ((43.343, 36.29), False),
        ((-44.0, 17.8), False),
        ((0.0, 0.0), False),
    ],
)
def test_who_is_clearly_abroad_is_told_apart(where, inside):
    assert in_country(Point(*where)) is inside


def test_just_beyond_the_border_still_counts_as_here():
    # from Velika Kladuša to the north the border is near, and Croatia goes on for long
    kladusa = towns["velika_kladusa"].point
    last = max(n for n in range(100) if in_country(Point(kladusa.latitude + n / 100, 15.806)))
    beyond = kilometres(kladusa, Point(kladusa.latitude + last / 100, 15.806))
    assert MARGIN < beyond < 20
