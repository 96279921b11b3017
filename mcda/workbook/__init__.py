"""The workbook as the interface: where things stand on its sheets, reading it and making it."""
