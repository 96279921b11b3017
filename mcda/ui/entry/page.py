"""The script that `mcda app` gives to Streamlit; `app.py` at the top is the same."""

from mcda.ui.main import main

main()
