{{ published("monitoring_funding") }}
