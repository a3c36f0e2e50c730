{{ published("latest_indicators", of="derived") }}
