{{ published(
    "quality_overlap_regions",
    masks=["overlap_id", "is_own"],
    key=["overlap_id", "region"]
) }}
