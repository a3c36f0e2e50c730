{{ shown_rows(
    "fct_observations",
    columns=[
        "indicator", "region", "segment", "period", "value", "unit", "obs_status",
        "source", "sources", "has_overlap", "coverage_share", "vintage_at",
        "region_type", "freq", "is_over"
    ],
    masks=["value", "obs_status", "has_overlap"],
    key=["indicator", "region", "segment", "period", "cell_slot"]
) }}
