{{ published("dim_source") }}
