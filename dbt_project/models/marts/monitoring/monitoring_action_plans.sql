{{ published("monitoring_action_plans") }}
