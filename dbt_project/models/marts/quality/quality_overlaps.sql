{{ published("quality_overlaps") }}
