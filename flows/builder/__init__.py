"""What the pages of the flow builder are made of."""
