"""Days as Excel counts them."""

from __future__ import annotations

from datetime import date

EXCEL_EPOCH = date(1899, 12, 30)  # day 0, so that every day from 1 March 1900 has its number
DAYS_TO_1904 = 1_462  # day 0 of a workbook that counts from 1904
FIRST_DAY = 61  # before it, programs disagree by a day
LAST_DAY = 2_958_465  # 31 December 9999
