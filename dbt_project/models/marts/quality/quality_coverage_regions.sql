{{ published("quality_coverage_regions") }}
