"""Marks the four folders as one package for tools that read paths; never installed."""
