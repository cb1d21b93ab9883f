"""Pictures for who leads a line: queues by hour, rework, waits, people's time, what holds the line up, learning."""
