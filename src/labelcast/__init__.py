"""labelcast forecasts a data-annotation production line: how long, what cost, how good, how sure."""
