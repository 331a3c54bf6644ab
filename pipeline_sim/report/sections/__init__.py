"""Sections of the report page, one module a question. Each makes a Section of paragraphs and tables from an answer."""
