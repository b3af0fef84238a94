"""Whether what a version is asked and what it says is still as it was."""
