"""Runs the command line as ``python -m mcda``."""

from mcda.cli import main

main()
