{{ published("fct_measurements") }}
