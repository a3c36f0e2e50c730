{{ published("dim_indicator") }}
