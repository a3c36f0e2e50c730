{{ published("monitoring_action_plans", of="derived") }}
