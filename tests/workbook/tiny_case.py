"""The smallest case that computes anything, for tests that sync whole workbooks."""


def pier():
    """Return fresh data in the JSON form."""
    scores = {"Trade": {"Toll": {"none": 0, "full": 30}}, "Cost": {"Toll": {"none": 3, "full": 1}}}
    return {
        "name": "Pier",
        "issues": [{"name": "Toll", "levels": ["none", "full"]}],
        "parties": [
            {
                "name": "North",
                "criteria": [{"name": "Trade", "weight": 60}, {"name": "Cost", "weight": 40}],
                "scores": scores,
            }
        ],
        "packages": [
            {"name": "A", "settings": {"Toll": "none"}},
            {"name": "B", "settings": {"Toll": "full"}},
        ],
        "no_deal": [{"name": "As now", "settings": {"Toll": "none"}}],
    }
