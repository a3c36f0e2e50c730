{{ published(
    "quality_overlaps",
    masks=[
        "overlap_id", "region", "segment", "kept_value", "other_value",
        "difference", "kept_line", "other_line"
    ],
    key=["overlap_id"]
) }}
