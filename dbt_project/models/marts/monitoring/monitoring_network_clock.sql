{{ published("monitoring_network_clock") }}
