"""What leaves this machine: the one client for HTTP, and whom it may talk to."""
