{{ published("monitoring_networks") }}
