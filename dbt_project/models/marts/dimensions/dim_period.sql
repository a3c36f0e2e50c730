{{ published("dim_period") }}
