"""What people and programs can do with flows and runs."""
