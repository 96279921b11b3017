"""The page: a mirror of the workbook for those who would rather move a slider and look.

Only this folder imports Streamlit. `main` puts a page together from `pages` (one question each) and
`components` (what they share); `state` is the one place for what a session remembers,
`workbook_link` for the file behind it, `launch` for starting all of it.
"""
