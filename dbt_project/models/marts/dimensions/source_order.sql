{{ published("source_order") }}
