{{ published("dim_conf_status") }}
