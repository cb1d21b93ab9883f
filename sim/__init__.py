"""How a line runs: plan, engine, log, KPIs, ledger, statistics. Knows no scenario file, no export, no report."""
