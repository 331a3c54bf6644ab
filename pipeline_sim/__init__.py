"""pipeline_sim: postgraduate medical training in England, doctor by doctor."""

__version__ = "0.4.0"
