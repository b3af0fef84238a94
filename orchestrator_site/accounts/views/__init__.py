"""Pages of people: coming in, members, one's own settings and tokens."""
