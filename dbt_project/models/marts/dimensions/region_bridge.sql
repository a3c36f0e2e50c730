{{ published("region_bridge") }}
