"""What people and spreadsheets write: numbers, codes, periods, text files and sheets, read by one rule for every door.

Everything here is pure: text or bytes in, values out. What can be read in two ways is refused with both readings.
"""
