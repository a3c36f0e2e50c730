{{ published("fct_observations") }}
