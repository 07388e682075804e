"""What the rules find in one workbook, also against earlier periods."""
