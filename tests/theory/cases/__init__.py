"""All cases, by family. Importing this enters them."""

from . import batches, days, forks, labels, networks, priorities, routes, stations

__all__ = ["batches", "days", "forks", "labels", "networks", "priorities", "routes", "stations"]
