"""Inter-annotator agreement from counts: a matrix of units x labels, how often each unit got each.

A unit is an item at one stage. Units with fewer than two labels have no pair to compare. For people: `agreement` of
labels, `agreement_of` a log, every measure with its interval or the reason why there is none. For KPIs: numbers from
sums (sums.py), where NaN says that there is nothing to compare, or that only one label was ever given.
"""

from .cohen import cohen, cohen_table
from .counts import Units, counts_of
from .estimate import Estimate
from .of_log import agreement_of
from .sums import Counts, alpha_of, fleiss_kappa, krippendorff_alpha, pairwise, pairwise_of, sums_of
from .whole import Agreement, agreement

__all__ = [
    "Agreement",
    "Counts",
    "Estimate",
    "Units",
    "agreement",
    "agreement_of",
    "alpha_of",
    "cohen",
    "cohen_table",
    "counts_of",
    "fleiss_kappa",
    "krippendorff_alpha",
    "pairwise",
    "pairwise_of",
    "sums_of",
]
