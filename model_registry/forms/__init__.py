"""What people fill in about models."""
