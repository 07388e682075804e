"""The custom functions for cells, over xlwings."""
