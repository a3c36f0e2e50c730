{{ published("quality_overlap_regions") }}
