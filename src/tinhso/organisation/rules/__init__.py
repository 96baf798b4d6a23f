"""Decide about identity, rights, throttling and the shape of an organisation: values in, verdict out."""
