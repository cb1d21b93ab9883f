"""How long a unit of work takes: which family its scatter has, how practice shortens it, how well that foretells."""
