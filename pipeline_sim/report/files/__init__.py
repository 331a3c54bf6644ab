"""Files of a result: page, workbook, CSV, figures; each is written completely or not at all."""
