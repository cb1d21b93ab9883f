"""Pools that are billed together, and what their contract says at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..line import Contract
from .terms import Terms


@dataclass(frozen=True)
class Account:
    """codes: of its pools, rising.  pools: their names.  contracts: what holds in each period of the terms."""

    codes: tuple[int, ...]
    pools: tuple[str, ...]
    contracts: tuple[Contract, ...]


def accounts(terms: Terms, pools: Sequence[str]) -> list[Account]:
    """The accounts of pools, in the order of their first pools. Which account a pool has does not change in time, and
    pools of one account have one contract."""
    of: dict[tuple[str, str], list[int]] = {}
    for code, pool in enumerate(pools):
        names = {period.contracts[pool].account for period in terms.periods if pool in period.contracts}
        assert len(names) <= 1, f"pool {pool} changes its account"
        name = names.pop() if names else ""
        of.setdefault((name, "" if name else pool), []).append(code)
    return [_account(terms, codes, [pools[code] for code in codes]) for codes in of.values()]


def _account(terms: Terms, codes: list[int], pools: list[str]) -> Account:
    contracts = [[period.contract(pool) for period in terms.periods] for pool in pools]
    assert all(one == contracts[0] for one in contracts), f"pools {pools} of one account have different contracts"
    return Account(tuple(codes), tuple(pools), tuple(contracts[0]))
