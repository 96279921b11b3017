"""What differs between two versions of a case, and edits of inputs: by names, with their cells."""
