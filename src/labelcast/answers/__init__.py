"""Questions and their answers: what a command asks and a notebook asks, each in one function that both call."""

REPLICATIONS = 50
"""Runs of each scenario of a comparison where neither a number nor a precision is asked for."""
