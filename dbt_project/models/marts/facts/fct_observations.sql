{{ published(
    "fct_observations",
    masks=[
        "value", "obs_status", "conf_status", "sum_of_parts",
        "difference_from_parts", "gross_value"
    ],
    key=["indicator", "region", "segment", "period", "cell_slot"]
) }}
