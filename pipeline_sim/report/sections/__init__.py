"""The report page, one file per question. Each makes a Section of sentences, tables and pictures from an answer."""
