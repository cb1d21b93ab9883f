"""The search: the cheapest plan that keeps its promises, certified on luck that no choice has seen."""
