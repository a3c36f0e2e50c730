{{ published("quality_coverage") }}
