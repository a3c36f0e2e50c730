{{ published("monitoring_findings") }}
