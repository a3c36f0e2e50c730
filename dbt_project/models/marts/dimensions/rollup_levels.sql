{{ published("rollup_levels") }}
