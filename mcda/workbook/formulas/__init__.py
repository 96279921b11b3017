"""Our live formulas: which they are, what belongs in them, and what they give."""
