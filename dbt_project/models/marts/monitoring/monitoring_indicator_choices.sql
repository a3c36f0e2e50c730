{{ published("monitoring_indicator_choices", of="derived") }}
