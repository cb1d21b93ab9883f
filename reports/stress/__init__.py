"""The STRESS-DES checklist of a saved run: what a reader needs to judge a simulation study, and to repeat it.

Source: Monks, Currie, Onggo, Robinson, Kunc, Taylor, Strengthening the reporting of empirical simulation studies:
introducing the STRESS guidelines, Journal of Simulation 2019 (online 2018), checklist for discrete-event simulation.
"""

from .item import ITEMS, Code, Item, Table
from .page import stress_html, stress_markdown
from .whole import stress

__all__ = ["ITEMS", "Code", "Item", "Table", "stress", "stress_html", "stress_markdown"]
