{{ published(
    "monitoring_findings",
    masks=[
        "citation", "value_then", "status_then", "value_now", "status_now",
        "is_revised", "revised_by", "newest_value", "newest_status", "first_known_value"
    ],
    key=["finding_id", "indicator"]
) }}
