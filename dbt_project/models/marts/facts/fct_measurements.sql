{{ published(
    "fct_measurements",
    masks=[
        "vintage", "value", "conf_status", "file", "origin", "what_was_done", "events",
        "producer_note"
    ],
    key=[
        "indicator", "region", "segment", "period", "source", "dataset",
        "vintage", "entry", "rule"
    ]
) }}
