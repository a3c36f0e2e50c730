{{ published("quality_gaps") }}
