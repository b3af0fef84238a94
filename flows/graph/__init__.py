"""The graph of a flow: format, parser, validator. Pure."""
