{{ published("dim_region") }}
