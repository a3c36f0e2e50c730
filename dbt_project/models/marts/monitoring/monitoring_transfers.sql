{{ published("monitoring_transfers") }}
