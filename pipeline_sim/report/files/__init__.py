"""Files of a result: page, workbook, CSV, figures. Written whole or not at all."""
