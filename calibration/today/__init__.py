"""How a line stands at a moment of its log: what is done, what waits where, who works on what."""
