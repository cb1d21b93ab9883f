"""All cases, by family. Importing this enters them."""

from . import batches, crowds, days, forks, labels, networks, people, priorities, routes, stations

__all__ = ["batches", "crowds", "days", "forks", "labels", "networks", "people", "priorities", "routes", "stations"]
