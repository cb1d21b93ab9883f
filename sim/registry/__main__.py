"""Prints the page of KPIs: python -m labelcast.sim.registry > docs/kpis.md."""

from . import registry_page

print(registry_page(), end="")
