"""Turning the cells of the input sheets into the JSON form of a case, sheet by sheet."""
