{{ published("monitoring_rdi_cities") }}
