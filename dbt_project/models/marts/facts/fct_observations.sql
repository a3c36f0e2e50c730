{{ published(
    "fct_observations",
    masks=[
        "value", "obs_status", "conf_status", "has_overlap", "sum_of_parts",
        "difference_from_parts", "gross_value", "overlap_share", "overlap_note"
    ],
    key=["indicator", "region", "segment", "period", "cell_slot"]
) }}
