{{ published("monitoring_programme_summary") }}
