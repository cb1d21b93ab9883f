"""The answer of a search: the plan, the steps to it, what is given up, how it moves with volume, how it was found."""
