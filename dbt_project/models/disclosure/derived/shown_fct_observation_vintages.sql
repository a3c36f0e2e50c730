{{ shown_rows(
    "fct_observation_vintages",
    columns=[
        "indicator", "region", "segment", "period", "cell_slot", "value", "obs_status",
        "known_from", "known_to"
    ],
    masks=["value", "obs_status"],
    key=["indicator", "region", "segment", "period", "cell_slot", "known_from"]
) }}
