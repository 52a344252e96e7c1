"""The schema's steps, run by Alembic, in the order of `down_revision`; numbers may be missing.

Alembic is loaded only where a database is behind.
"""
