{{ published("dim_segment") }}
