{{ published("monitoring_projects") }}
