"""People decide about what models propose: the queue, the claim, the decision."""
