"""The page, for `streamlit run app.py`: configuration and navigation are in `mcda.ui.main`."""

from mcda.ui.main import main

main()
