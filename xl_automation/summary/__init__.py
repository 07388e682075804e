"""The city's summary workbook, a module per sheet, and read back."""
