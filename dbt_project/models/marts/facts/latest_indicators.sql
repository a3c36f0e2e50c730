{{ published("latest_indicators") }}
