"""Description of the tables of a result for other programs: datapackage.json after the Frictionless Data Package."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline_sim.report.tidy_tables import TidyTable
from pipeline_sim.study.comparison.answer import Answer

if TYPE_CHECKING:
    import pandas as pd

FILE = "datapackage.json"


def data_package(answer: Answer, tables: Sequence[TidyTable]) -> str:
    """JSON of the data package (https://specs.frictionlessdata.io/data-package/): a resource a table."""
    about = {
        "profile": "tabular-data-package",
        "name": answer.study.name.replace("_", "-"),
        "title": answer.study.question,
        "licenses": [{"name": "MIT", "path": "https://opensource.org/license/mit"}],
        "resources": [resource(each) for each in tables],
    }
    return json.dumps(about, indent=1, ensure_ascii=False) + "\n"


def resource(table: TidyTable) -> dict[str, Any]:
    """Resource of a table: its CSV file and the type, unit and meaning of every column."""
    fields = [
        {"name": name, "type": kind_of(table.frame[name]), "description": text} for name, text in table.columns.items()
    ]
    return {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.note,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def kind_of(column: "pd.Series") -> str:
    """Frictionless type of a column."""
    from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype, is_object_dtype

    mixed = len(column) and is_object_dtype(column)
    if is_bool_dtype(column) or (mixed and all(isinstance(value, bool) for value in column)):
        return "boolean"
    if is_integer_dtype(column):
        return "integer"
    return "number" if is_numeric_dtype(column) else "string"
