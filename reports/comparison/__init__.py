"""Scenarios side by side for people and scripts: text, JSON, CSV, and the picture of what is traded for what."""
