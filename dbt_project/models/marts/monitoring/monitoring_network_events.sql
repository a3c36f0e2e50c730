{{ published("monitoring_network_events") }}
