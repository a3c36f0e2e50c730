{{ published("monitoring_meetings") }}
