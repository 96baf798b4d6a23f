"""A province with its procedures for the site's own tests, loaded once for each file and taken back after it."""

from tests.rooms.services.conftest import filled, time, town

__all__ = ["filled", "time", "town"]
