"""The durable runner: one conductor in each worker process.

The database is the truth; a Celery message only rings the bell. Source: ADR 0003.
"""
