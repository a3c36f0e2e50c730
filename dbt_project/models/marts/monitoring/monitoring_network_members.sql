{{ published("monitoring_network_members") }}
