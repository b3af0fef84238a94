#!/usr/bin/env python3
"""Baton's only door for whoever runs it or works on it."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings.prod")
    execute_from_command_line(sys.argv)
