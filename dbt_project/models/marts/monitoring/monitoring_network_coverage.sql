{{ published("monitoring_network_coverage") }}
