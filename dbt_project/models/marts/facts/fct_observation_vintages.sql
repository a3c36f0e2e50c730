{{ published(
    "fct_observation_vintages",
    masks=["value", "obs_status"],
    key=["indicator", "region", "segment", "period", "cell_slot", "known_from"]
) }}
