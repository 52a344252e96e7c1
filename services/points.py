"""Points on the map: how far apart two are, and the square around one that an index finds."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

_METRES_A_DEGREE = 111_195  # of latitude, on a sphere of the radius below
_EARTH = 6_371_000  # mean radius in metres


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Metres between two points, as the crow flies (haversine)."""
    north = radians(other_latitude - latitude)
    east = radians(other_longitude - longitude)
    chord = sin(north / 2) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east / 2) ** 2
    return 2 * _EARTH * asin(sqrt(min(chord, 1)))


def box_around(latitude: float, longitude: float, metres: float) -> tuple[float, float, float, float]:
    """South, north, west, east of the square around a point; the circle in it is for the caller to cut out."""
    north = metres / _METRES_A_DEGREE
    east = north / max(cos(radians(latitude)), 0.01)
    return latitude - north, latitude + north, longitude - east, longitude + east
