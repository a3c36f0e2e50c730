{{ published("monitoring_situation_reports") }}
