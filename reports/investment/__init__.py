"""What an investment is worth: its cash flows, from runs of a scenario with it and without it."""
