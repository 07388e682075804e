"""The buttons of the ribbon, over xlwings."""
