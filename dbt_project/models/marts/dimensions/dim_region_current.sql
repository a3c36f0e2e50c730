{{ published("dim_region_current") }}
