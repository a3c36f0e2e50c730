{{ published("monitoring_findings", of="derived") }}
