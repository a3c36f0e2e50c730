{{ published("series_divisions") }}
