"""A day of a run as it went: items on their way, queues that grow and shrink, people who come and go."""
