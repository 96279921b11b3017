"""Workbooks on the disk: read whole, replaced in one step, earlier versions kept and put back."""
