{{ published("dim_frequency") }}
