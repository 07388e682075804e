"""Where everything stands in the locked workbook, and the building of it, a module per sheet."""
