"""The schema's steps, run by Alembic. Alembic is loaded only where a database is behind."""
