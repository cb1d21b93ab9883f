"""A budget: what a line costs by month, how sure that is, and why it is not what was planned."""
