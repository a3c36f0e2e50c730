{{ published(
    "quality_overlaps",
    masks=[
        "overlap_id", "region", "segment", "kept_value", "other_region", "other_value",
        "difference", "kept_line", "other_line", "events", "events_of_both",
        "kept_source_events", "other_source_events"
    ],
    key=["overlap_id"]
) }}
