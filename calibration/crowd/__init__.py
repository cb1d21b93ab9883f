"""Crowds: people who come as they like, as logs of batches tell of them."""
