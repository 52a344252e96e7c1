"""The files that the product ships with, read once in a run of pytest: they never change."""

from __future__ import annotations

from services.offices import load_offices
from services.templates import load_templates

OFFICES = load_offices()
TEMPLATES = load_templates(OFFICES)
