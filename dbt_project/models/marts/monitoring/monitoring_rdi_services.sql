{{ published("monitoring_rdi_services") }}
