"""`manage.py up`: starts the processes of one machine and keeps them alive.

Standard library only. Everything that needs Django runs in a child, so that the
process that waits for hours stays small.
"""
