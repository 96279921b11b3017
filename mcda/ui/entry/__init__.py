"""Where Streamlit starts: a folder of its own, so that nothing beside the script is importable."""
