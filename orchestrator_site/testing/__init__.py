"""`manage.py test`: every check of the project, and the servers that it needs."""
