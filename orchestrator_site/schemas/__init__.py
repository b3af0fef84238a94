"""JSON Schemas that people send: held to one set of bounds wherever they come in. Pure."""
