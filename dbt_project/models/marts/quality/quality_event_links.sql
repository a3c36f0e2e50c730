{{ published(
    "quality_event_links",
    masks=[
        "link_id", "days_apart", "value", "file", "line", "other_value",
        "other_file", "other_line"
    ],
    key=["link_id"]
) }}
