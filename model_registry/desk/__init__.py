"""Work that people order from the workers: evaluations, and questions to try."""
