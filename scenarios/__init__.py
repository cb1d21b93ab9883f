"""What we ask: scenario files, their resolved form, and comparisons."""
