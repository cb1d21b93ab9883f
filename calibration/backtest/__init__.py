"""Whether a line fitted to the first part of a log foretells the rest."""
