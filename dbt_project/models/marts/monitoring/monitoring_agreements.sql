{{ published("monitoring_agreements") }}
