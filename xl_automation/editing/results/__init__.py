"""What the formulas of a workbook give, written into it so that it is true before it is opened."""
