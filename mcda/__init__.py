"""Prepare a negotiation: who would accept which package of terms, and why."""
