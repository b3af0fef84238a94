"""Tags of calls that no flow makes."""

EVALUATION = "evaluation"
TRIAL = "trial"
# What somebody asks to find something out says nothing about what customers ask.
NOT_LIVE = frozenset((EVALUATION, TRIAL))
