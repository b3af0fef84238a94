"""Turning what happens to a held run into rows and events of its next commit.

Sequence numbers and hashes are given here and thrown away with a refused commit, so that
no refused event can leave a fork behind.
"""
