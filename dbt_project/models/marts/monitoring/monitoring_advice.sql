{{ published(
    "monitoring_advice",
    masks=["events", "gross_events", "conf_status", "plan_attainment_pct"],
    key=["region", "period", "segment", "advice_topic"]
) }}
