"""The files that the product ships with, read once in a run of pytest: they never change."""

from __future__ import annotations

from services.casework.templates import load_templates
from services.offices.offices import load_offices

OFFICES = load_offices()
TEMPLATES = load_templates(OFFICES)
