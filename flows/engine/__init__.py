"""What a run does next. Pure: no clock, no database, no randomness."""
