{{ published(
    "monitoring_action_plans",
    masks=["observed_value", "difference_from_target", "target_reached_pct"],
    key=["region", "year", "scope", "section", "objective", "measure", "segment"]
) }}
