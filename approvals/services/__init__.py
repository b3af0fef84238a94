"""What changes approvals."""
